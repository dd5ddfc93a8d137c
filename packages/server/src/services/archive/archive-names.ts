// Names of folders and files in archives, as Orthanc gives them: what cannot be a name on some file system is left out, no two are the
// same, none leads out of the archive.

const separator = ' - ';

/** Space where a character has no place in names. */
const unwanted = /[\s\p{Cc}:*?"<>|/\\]+/gu;

/** Without `..`, and without what is not ASCII unless `utf8`. */
export function safeName(text: string, utf8: boolean): string {
  const plain = utf8 ? text : text.replace(/\P{ASCII}/gu, '');
  const name = plain.replace(unwanted, ' ').trim();
  return /^\.+$/.test(name) ? '' : name;
}

/** @param fallback where nothing is left of the parts */
export function folderName(parts: readonly string[], fallback: string, utf8: boolean): string {
  const name = safeName(parts.join(separator), utf8);
  return name === '' || /^\^+$/.test(name) ? fallback : name;
}

/** Names of one folder: where one is taken, in letters of whatever case, the next gets a number. */
export function createNames(): (name: string) => string {
  const used = new Set<string>();
  const counts = new Map<string, number>();
  return (name) => {
    const key = name.toLowerCase();
    let count = counts.get(key) ?? 1;
    let unused = count === 1 ? name : `${name}-${count}`;
    while (used.has(unused.toLowerCase())) {
      count += 1;
      unused = `${name}-${count}`;
    }
    counts.set(key, count);
    used.add(unused.toLowerCase());
    return unused;
  };
}

/** Numbers of the files of one folder: where one is taken, the next behind all so far. */
export function createNumbers(): (number: number) => number {
  const used = new Set<number>();
  let highest = -1;
  return (number) => {
    const unused = used.has(number) ? highest + 1 : number;
    used.add(unused);
    highest = Math.max(highest, unused);
    return unused;
  };
}

/** `CT000001.dcm`, of the first letters of the modality. */
export function instanceFileName(modality: string, index: number): string {
  const letters = modality
    .slice(0, 2)
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, '_');
  return `${letters}${String(index).padStart(8 - letters.length, '0')}.dcm`;
}
