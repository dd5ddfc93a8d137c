// A block of DEFLATE: codes of Huffman (RFC 1951 3.2.2) made as zlib makes them, and the shortest of the three kinds of blocks.
#include "deflate.h"

#define LITERAL_CODES 286u
#define FIXED_LITERAL_CODES 288u
#define DISTANCE_CODES 30u
#define LENGTH_CODES 19u
#define MOST_CODES FIXED_LITERAL_CODES
#define LONGEST_CODE 15u
#define LONGEST_LENGTH_CODE 7u
#define END_OF_BLOCK 256u

#define STORED 0u
#define FIXED 1u
#define DYNAMIC 2u

/** Repetitions in the lengths of codes (3.2.7). */
#define AGAIN 16u
#define ZEROS 17u
#define MANY_ZEROS 18u
static const u8 length_order[LENGTH_CODES] = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};

/** A code in the lower bits, the number of its bits above `CODE_BITS`. */
#define CODE_BITS 24
#define CODE_MASK ((1u << CODE_BITS) - 1)

struct codes {
  u32 frequencies[MOST_CODES];
  u8 lengths[MOST_CODES];
  u32 words[MOST_CODES];
  /** One more than the last that is used. */
  u32 count;
};
static struct codes literals;
static struct codes distances;
static struct codes code_lengths;
static struct codes fixed_literals;
static struct codes fixed_distances;

/** Codes of lengths of matches have so many more bits (3.2.5). */
INLINE u32 extra_of_length_code(u32 code) { return code < 8 || code == 28 ? 0 : code / 4 - 1; }
INLINE u32 extra_of_distance_code(u32 code) { return code < 4 ? 0 : code / 2 - 1; }

/** @param length of the match, less 3 */
INLINE u32 code_of_length(u32 length) {
  if (length < 8) return length;
  if (length == LONGEST_MATCH - SHORTEST_MATCH) return 28;
  u32 extra = 29 - leading_zeros(length);
  return 4 * (extra + 1) + (length >> extra & 3);
}

/** @param distance less 1 */
INLINE u32 code_of_distance(u32 distance) {
  if (distance < 4) return distance;
  u32 extra = 30 - leading_zeros(distance);
  return 2 * (extra + 1) + (distance >> extra & 1);
}

// The tree: nodes in a heap by frequency, then by depth; which of two alike comes first is a matter of how the heap is kept.

#define MOST_NODES (2 * MOST_CODES)
/** Of each node: frequency, and depth in the lower eight bits. */
static u32 ranks[MOST_NODES];
static u16 parents[MOST_NODES];
static u16 heap[MOST_NODES + 1];
/** All nodes, the most frequent first. */
static u16 taken[MOST_NODES];

static void sift(u32 index, u32 size) {
  u32 node = heap[index];
  for (u32 child = 2 * index; child <= size; child *= 2) {
    if (child < size && ranks[heap[child + 1]] <= ranks[heap[child]]) child++;
    if (ranks[node] <= ranks[heap[child]]) break;
    heap[index] = heap[child];
    index = child;
  }
  heap[index] = (u16)node;
}

/** Into `taken`. @returns where it begins there; it ends at `MOST_NODES` */
static u32 join_nodes(u32 size, u32 next) {
  for (u32 index = size / 2; index > 0; index--) sift(index, size);
  u32 first = MOST_NODES;
  do {
    u32 least = heap[1];
    heap[1] = heap[size--];
    sift(1, size);
    u32 second = heap[1];
    taken[--first] = (u16)least;
    taken[--first] = (u16)second;
    u32 depth = ranks[least] & 0xff;
    if ((ranks[second] & 0xff) > depth) depth = ranks[second] & 0xff;
    ranks[next] = ((ranks[least] >> 8) + (ranks[second] >> 8)) << 8 | (depth + 1);
    parents[least] = parents[second] = (u16)next;
    heap[1] = (u16)next++;
    sift(1, size);
  } while (size > 1);
  taken[--first] = heap[1];
  return first;
}

/** Those that are too long end at the longest, for which others become longer. */
static void shorten(u8 *lengths, u32 leaves, u32 *counts, u32 overflow, u32 longest) {
  for (; (i32)overflow > 0; overflow -= 2) {
    u32 bits = longest - 1;
    while (counts[bits] == 0) bits--;
    counts[bits]--;
    counts[bits + 1] += 2;
    counts[longest]--;
  }
  u32 from = MOST_NODES;
  for (u32 bits = longest; bits > 0; bits--) {
    for (u32 count = counts[bits]; count > 0;) {
      u32 node = taken[--from];
      if (node >= leaves) continue;
      lengths[node] = (u8)bits;
      count--;
    }
  }
}

INLINE u32 reversed(u32 value, u32 bits) {
  u32 result = 0;
  for (; bits > 0; bits--, value >>= 1) result = result << 1 | (value & 1);
  return result;
}

/** 3.2.2 */
static void number(struct codes *codes, u32 count) {
  u32 next[LONGEST_CODE + 2] = {0};
  u32 counts[LONGEST_CODE + 1] = {0};
  for (u32 code = 0; code < count; code++) counts[codes->lengths[code]]++;
  counts[0] = 0;
  for (u32 bits = 1; bits <= LONGEST_CODE; bits++) next[bits + 1] = (next[bits] + counts[bits]) << 1;
  for (u32 code = 0; code < count; code++) {
    u32 bits = codes->lengths[code];
    if (bits > 0) codes->words[code] = reversed(next[bits]++, bits) | bits << CODE_BITS;
  }
}

/** Of as many codes as there may be. */
static void make_codes(struct codes *codes, u32 leaves, u32 longest) {
  static u8 lengths[MOST_NODES];
  u32 size = 0;
  codes->count = 0;
  for (u32 code = 0; code < leaves; code++) {
    codes->lengths[code] = 0;
    ranks[code] = codes->frequencies[code] << 8;
    if (codes->frequencies[code] == 0) continue;
    heap[++size] = (u16)code;
    codes->count = code + 1;
  }
  // Two at least: of those that are never used the first.
  while (size < 2) {
    u32 code = codes->count < 3 ? codes->count++ : 0;
    ranks[code] = 1 << 8;
    heap[++size] = (u16)code;
  }
  u32 first = join_nodes(size, leaves);
  u32 counts[LONGEST_CODE + 1] = {0};
  u32 overflow = 0;
  lengths[taken[first]] = 0;
  for (u32 index = first + 1; index < MOST_NODES; index++) {
    u32 node = taken[index];
    u32 bits = lengths[parents[node]] + 1u;
    if (bits > longest) {
      bits = longest;
      overflow++;
    }
    lengths[node] = (u8)bits;
    if (node >= leaves) continue;
    counts[bits]++;
    codes->lengths[node] = (u8)bits;
  }
  if (overflow > 0) shorten(codes->lengths, leaves, counts, overflow, longest);
  number(codes, codes->count);
}

/** 3.2.6 */
static void make_fixed_codes(void) {
  if (fixed_distances.count > 0) return;
  for (u32 code = 0; code < FIXED_LITERAL_CODES; code++) {
    fixed_literals.lengths[code] = code < 144 ? 8 : code < 256 ? 9 : code < 280 ? 7 : 8;
  }
  for (u32 code = 0; code < DISTANCE_CODES; code++) fixed_distances.lengths[code] = 5;
  number(&fixed_literals, FIXED_LITERAL_CODES);
  number(&fixed_distances, DISTANCE_CODES);
  fixed_distances.count = DISTANCE_CODES;
}

/** Of literals, lengths and distances. */
static void count_symbols(const struct deflate *state) {
  static u32 counts[2][2 * 256];
  for (u32 index = 0; index < 2 * 256; index++) counts[0][index] = counts[1][index] = 0;
  for (u32 code = 0; code < DISTANCE_CODES; code++) distances.frequencies[code] = 0;
  for (u32 index = 0; index < state->symbol_count; index++) {
    symbol next = state->symbols[index];
    counts[index & 1][next & 0xffff]++;
    if (next & MATCH) distances.frequencies[code_of_distance(next >> 16)]++;
  }
  for (u32 code = 0; code < 256; code++) literals.frequencies[code] = counts[0][code] + counts[1][code];
  for (u32 code = 256; code < LITERAL_CODES; code++) literals.frequencies[code] = 0;
  literals.frequencies[END_OF_BLOCK] = 1;
  for (u32 length = 0; length < 256; length++) {
    literals.frequencies[257 + code_of_length(length)] += counts[0][256 + length] + counts[1][256 + length];
  }
}

/** Bits of all symbols. */
static u32 cost_of(const u8 *literal_lengths, const u8 *distance_lengths) {
  u32 bits = 0;
  for (u32 code = 0; code < LITERAL_CODES; code++) {
    u32 extra = code > END_OF_BLOCK ? extra_of_length_code(code - 257) : 0;
    bits += literals.frequencies[code] * (literal_lengths[code] + extra);
  }
  for (u32 code = 0; code < DISTANCE_CODES; code++) {
    bits += distances.frequencies[code] * (distance_lengths[code] + extra_of_distance_code(code));
  }
  return bits;
}

/** Bits on their way out, the first the lowest. At most 56 are held between two symbols. */
struct sink {
  u64 held;
  u32 bits;
  u8 *to;
};

/** Leaves at most seven. */
INLINE void drain(struct sink *sink) {
  __builtin_memcpy(sink->to, &sink->held, 8);
  sink->to += sink->bits >> 3;
  sink->held >>= sink->bits & 56;
  sink->bits &= 7;
}

INLINE void put_bits(struct sink *sink, u32 value, u32 bits) {
  sink->held |= (u64)value << sink->bits;
  sink->bits += bits;
}

INLINE void put_word(struct sink *sink, u32 word) { put_bits(sink, word & CODE_MASK, word >> CODE_BITS); }

static void align(struct sink *sink) {
  sink->bits = (sink->bits + 7) & ~7u;
  drain(sink);
}

/** Lengths of codes, repetitions among them (3.2.7): counted, or put. */
static void tell_lengths(const struct codes *codes, struct sink *sink) {
  u32 before = 0xff;
  for (u32 code = 0; code < codes->count;) {
    u32 length = codes->lengths[code];
    u32 most = length == 0 ? 138 : length == before ? 6 : 7;
    u32 least = length == 0 || length == before ? 3 : 4;
    u32 count = 1;
    while (count < most && code + count < codes->count && codes->lengths[code + count] == length) count++;
    code += count;
    u32 alone = count < least ? count : length == 0 || length == before ? 0 : 1;
    u32 repeated = count - alone;
    before = length;
    u32 kind = length != 0 ? AGAIN : repeated <= 10 ? ZEROS : MANY_ZEROS;
    if (!sink) {
      code_lengths.frequencies[length] += alone;
      if (repeated > 0) code_lengths.frequencies[kind]++;
      continue;
    }
    for (; alone > 0; alone--) {
      put_word(sink, code_lengths.words[length]);
      drain(sink);
    }
    if (repeated == 0) continue;
    put_word(sink, code_lengths.words[kind]);
    if (kind == AGAIN) put_bits(sink, repeated - 3, 2);
    else if (kind == ZEROS) put_bits(sink, repeated - 3, 3);
    else put_bits(sink, repeated - 11, 7);
    drain(sink);
  }
}

/** @returns how many of the lengths of their codes are told */
static u32 make_length_codes(void) {
  for (u32 code = 0; code < LENGTH_CODES; code++) code_lengths.frequencies[code] = 0;
  tell_lengths(&literals, 0);
  tell_lengths(&distances, 0);
  make_codes(&code_lengths, LENGTH_CODES, LONGEST_LENGTH_CODE);
  u32 told = LENGTH_CODES;
  while (told > 4 && code_lengths.lengths[length_order[told - 1]] == 0) told--;
  return told;
}

/** Bits of the head of a block with codes of its own. */
static u32 cost_of_codes(u32 told) {
  static const u8 extra[3] = {2, 3, 7};
  u32 bits = 5 + 5 + 4 + 3 * told;
  for (u32 code = 0; code < LENGTH_CODES; code++) {
    bits += code_lengths.frequencies[code] * (code_lengths.lengths[code] + (code < AGAIN ? 0u : extra[code - AGAIN]));
  }
  return bits;
}

static void put_codes(struct sink *sink, u32 told) {
  put_bits(sink, literals.count - 257, 5);
  put_bits(sink, distances.count - 1, 5);
  put_bits(sink, told - 4, 4);
  drain(sink);
  for (u32 index = 0; index < told; index++) {
    put_bits(sink, code_lengths.lengths[length_order[index]], 3);
    drain(sink);
  }
  tell_lengths(&literals, sink);
  tell_lengths(&distances, sink);
}

static void put_symbols(const struct deflate *state, struct sink *out, const struct codes *of_literals, const struct codes *of_distances) {
  /** Of literals, and of lengths with their more bits. */
  static u32 words[2 * 256];
  for (u32 code = 0; code < 256; code++) words[code] = of_literals->words[code];
  for (u32 length = 0; length < 256; length++) {
    u32 code = code_of_length(length);
    u32 extra = extra_of_length_code(code);
    u32 word = of_literals->words[257 + code];
    u32 more = (length & ((1u << extra) - 1)) << (word >> CODE_BITS);
    words[MATCH + length] = (word + (extra << CODE_BITS)) | more;
  }
  struct sink sink = *out;
  for (u32 index = 0; index < state->symbol_count; index++) {
    symbol next = state->symbols[index];
    put_word(&sink, words[next & 0xffff]);
    if (next & MATCH) {
      u32 distance = next >> 16;
      u32 code = code_of_distance(distance);
      u32 extra = extra_of_distance_code(code);
      put_word(&sink, of_distances->words[code]);
      put_bits(&sink, distance & ((1u << extra) - 1), extra);
    }
    drain(&sink);
  }
  put_word(&sink, of_literals->words[END_OF_BLOCK]);
  drain(&sink);
  *out = sink;
}

static void put_stored(struct sink *sink, const u8 *bytes, u32 length) {
  align(sink);
  put_bits(sink, length, 16);
  put_bits(sink, length ^ 0xffff, 16);
  drain(sink);
  __builtin_memcpy(sink->to, bytes, length);
  sink->to += length;
}

void put_block(struct deflate *state, const u8 *bytes, u32 length, u32 is_last) {
  struct sink sink = {state->held, state->bits, state->to};
  make_fixed_codes();
  count_symbols(state);
  make_codes(&literals, LITERAL_CODES, LONGEST_CODE);
  make_codes(&distances, DISTANCE_CODES, LONGEST_CODE);
  u32 told = make_length_codes();
  u32 own_bytes = (cost_of(literals.lengths, distances.lengths) + cost_of_codes(told) + 3 + 7) / 8;
  u32 fixed_bytes = (cost_of(fixed_literals.lengths, fixed_distances.lengths) + 3 + 7) / 8;
  u32 is_fixed = fixed_bytes <= own_bytes;
  u32 is_stored = bytes && length + 4 <= (is_fixed ? fixed_bytes : own_bytes);
  put_bits(&sink, (is_stored ? STORED : is_fixed ? FIXED : DYNAMIC) << 1 | is_last, 3);
  if (is_stored) {
    put_stored(&sink, bytes, length);
  } else if (is_fixed) {
    put_symbols(state, &sink, &fixed_literals, &fixed_distances);
  } else {
    put_codes(&sink, told);
    put_symbols(state, &sink, &literals, &distances);
  }
  if (is_last) align(&sink);
  state->held = sink.held;
  state->bits = sink.bits;
  state->to = sink.to;
  state->symbol_count = 0;
}
