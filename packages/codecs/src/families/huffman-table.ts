// The best Huffman code for the symbols of one image (ITU-T T.81 K.2), as JPEG tells it.
const longestCode = 16;

export interface HuffmanTable {
  /** Numbers of codes of 1 to 16 bits. */
  readonly counts: Uint8Array;
  /** Symbols by length of code. */
  readonly symbols: readonly number[];
  readonly codes: Uint16Array;
  readonly lengths: Uint8Array;
}

/** Lengths of the best code (Huffman), none longer than 16 bits, none of ones only (T.81 K.2). */
function codeLengths(frequencies: Uint32Array): Uint8Array {
  // One symbol more, the rarest, takes the code of ones.
  const weights = [...frequencies, 1];
  const groups = weights.flatMap((weight, symbol) => (weight > 0 ? [{ weight, members: [symbol] }] : []));
  const lengths = new Uint32Array(weights.length);
  while (groups.length > 1) {
    groups.sort((a, b) => b.weight - a.weight || (a.members[0] ?? 0) - (b.members[0] ?? 0));
    const rarest = groups.pop();
    const next = groups.pop();
    if (!rarest || !next) break;
    const members = [...next.members, ...rarest.members];
    for (const member of members) lengths[member] = (lengths[member] ?? 0) + 1;
    groups.push({ weight: rarest.weight + next.weight, members });
  }
  return Uint8Array.from(lengths);
}

/** Numbers of codes by length, moved from too long ones to shorter ones (T.81 figure K.3), less the one of ones only. */
function limitedCounts(lengths: Uint8Array): Uint8Array {
  const counts = new Uint32Array(Math.max(longestCode, ...lengths) + 1);
  for (const length of lengths) if (length > 0) counts[length] = (counts[length] ?? 0) + 1;
  const add = (length: number, change: number): void => {
    counts[length] = (counts[length] ?? 0) + change;
  };
  for (let length = counts.length - 1; length > longestCode; length--) {
    while ((counts[length] ?? 0) > 0) {
      let shorter = length - 2;
      while ((counts[shorter] ?? 0) === 0) shorter--;
      add(length, -2);
      add(length - 1, 1);
      add(shorter + 1, 2);
      add(shorter, -1);
    }
  }
  let longest = longestCode;
  while ((counts[longest] ?? 0) === 0) longest--;
  add(longest, -1);
  return Uint8Array.from(counts.subarray(1, longestCode + 1));
}

/** @param frequencies of at most 256 symbols */
export function huffmanTable(frequencies: Uint32Array): HuffmanTable {
  const wanted = codeLengths(frequencies);
  const counts = limitedCounts(wanted);
  const used = Array.from(frequencies.keys()).filter((symbol) => (frequencies[symbol] ?? 0) > 0);
  const ordered = used.sort((a, b) => (wanted[a] ?? 0) - (wanted[b] ?? 0) || a - b);
  const codes = new Uint16Array(256);
  const lengths = new Uint8Array(256);
  let code = 0;
  let next = 0;
  for (let length = 1; length <= longestCode; length++) {
    for (let index = 0; index < (counts[length - 1] ?? 0); index++) {
      const symbol = ordered[next++];
      if (symbol === undefined) continue;
      codes[symbol] = code++;
      lengths[symbol] = length;
    }
    code <<= 1;
  }
  return { counts, symbols: ordered, codes, lengths };
}
