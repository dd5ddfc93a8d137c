// DEFLATE: which bytes are told as matches. Decisions are zlib's (see deflate.h): it looks at the last 128 places with the same hash of three
// bytes, takes the longest match, the nearest of those, and waits a byte for a longer one. Matches of less than six bytes are not used
// (Z_FILTERED). So only places with the same six bytes are looked at here; each knows how many places zlib would have come by before it.
#include <wasm_simd128.h>

#include "deflate.h"

#define LEAST_USED 6u
#define MOST_PLACES 128u
/** Where a match of so many bytes is known already, a fourth of the places is looked at; from that on none. */
#define GOOD_LENGTH 8u
#define LAZY_LENGTH 16u
#define NICE_LENGTH 128u
/** So many bytes are known before anything is decided, but at the end. */
#define LEAST_AHEAD (LONGEST_MATCH + SHORTEST_MATCH + 1)
#define MOST_DISTANCE (WINDOW - LEAST_AHEAD)
/** Places with another hash of three bytes, that of six being the same, are few; where they are not, links are of no use. */
#define MOST_STRANGE 256u

/** Adler-32 (RFC 1950). */
static void add_to_sums(u32 *sums, const u8 *from, u32 length) {
  const v128_t high = wasm_i16x8_make(16, 15, 14, 13, 12, 11, 10, 9);
  const v128_t low = wasm_i16x8_make(8, 7, 6, 5, 4, 3, 2, 1);
  u32 first = sums[0];
  u32 second = sums[1];
  while (length > 0) {
    u32 part = length < 5552 ? length : 5552;
    length -= part;
    v128_t sum = wasm_i32x4_const_splat(0);
    v128_t before = sum;
    v128_t weighted = sum;
    u32 vectors = part / 16;
    second += first * 16 * vectors;
    for (u32 index = 0; index < vectors; index++, from += 16) {
      v128_t bytes = wasm_v128_load(from);
      before = wasm_i32x4_add(before, sum);
      sum = wasm_i32x4_add(sum, wasm_u32x4_extadd_pairwise_u16x8(wasm_u16x8_extadd_pairwise_u8x16(bytes)));
      weighted = wasm_i32x4_add(weighted, wasm_i32x4_dot_i16x8(wasm_u16x8_extend_low_u8x16(bytes), high));
      weighted = wasm_i32x4_add(weighted, wasm_i32x4_dot_i16x8(wasm_u16x8_extend_high_u8x16(bytes), low));
    }
    v128_t all = wasm_i32x4_add(weighted, wasm_i32x4_shl(before, 4));
    first += (u32)wasm_i32x4_extract_lane(sum, 0) + (u32)wasm_i32x4_extract_lane(sum, 1) +
             (u32)wasm_i32x4_extract_lane(sum, 2) + (u32)wasm_i32x4_extract_lane(sum, 3);
    second += (u32)wasm_i32x4_extract_lane(all, 0) + (u32)wasm_i32x4_extract_lane(all, 1) +
              (u32)wasm_i32x4_extract_lane(all, 2) + (u32)wasm_i32x4_extract_lane(all, 3);
    for (u32 index = 0; index < part % 16; index++) {
      first += *from++;
      second += first;
    }
    first %= 65521;
    second %= 65521;
  }
  sums[0] = first;
  sums[1] = second;
}

/** zlib's hash of three bytes. */
INLINE u32 triple_of(u64 bytes) {
  u32 value = (u32)bytes;
  return ((value & 0xff) << 10 ^ (value >> 8 & 0xff) << 5 ^ (value >> 16 & 0xff)) & ((1u << TRIPLE_BITS) - 1);
}

INLINE u32 hash_of(u64 bytes) { return (u32)((bytes << 16) * 0x9e3779b97f4a7c15ull >> (64 - HEAD_BITS)); }

/** @returns the link of this place */
INLINE u32 insert(struct deflate *state, u32 at, u64 bytes) {
  u16 *count = &state->counts[triple_of(bytes)];
  u16 *head = &state->heads[hash_of(bytes)];
  u32 link = *head | (u32)*count << 16;
  state->links[at % WINDOW] = link;
  *head = (u16)at;
  (*count)++;
  return link;
}

/** Bytes that are alike, the first eight of which are. */
INLINE u32 length_of_match(const u8 *one, const u8 *other, u32 most) {
  for (u32 length = 8; length < most; length += 8) {
    u64 differing = load_8(one + length) ^ load_8(other + length);
    if (differing) {
      length += (u32)__builtin_ctzll(differing) / 8;
      return length < most ? length : most;
    }
  }
  return most;
}

/** Without links. @returns the nearest place before `place` with the same six bytes, or one before `least` */
static __attribute__((noinline)) u32 same_before(const u8 *window, u32 place, u32 least, u64 bytes) {
  while (place > least) {
    u32 count = place - least < 16 ? place - least : 16;
    place -= count;
    v128_t same = wasm_i8x16_const_splat(-1);
    for (u32 index = 0; index < LEAST_USED; index++) {
      v128_t wanted = wasm_i8x16_splat((signed char)(bytes >> 8 * index));
      same = wasm_v128_and(same, wasm_i8x16_eq(wasm_v128_load(window + place + index), wanted));
    }
    u32 found = wasm_i8x16_bitmask(same) & ((1u << count) - 1);
    if (found) return place + 31 - leading_zeros(found);
  }
  return 0;
}

/** @param link of the place `at`. @returns the length of a match that is longer than `kept`, or 0 */
INLINE u32 find(const struct deflate *state, u32 at, u64 bytes, u32 link, u32 kept, u32 ahead, u32 *distance) {
  const u8 *window = state->window;
  u32 most = ahead < LONGEST_MATCH ? ahead : LONGEST_MATCH;
  u32 nice = ahead < NICE_LENGTH ? ahead : NICE_LENGTH;
  u32 places = kept >= GOOD_LENGTH ? MOST_PLACES / 4 : MOST_PLACES;
  u32 best = kept < LEAST_USED ? LEAST_USED - 1 : kept;
  u32 count = link >> 16;
  u32 least = at > MOST_DISTANCE ? at - MOST_DISTANCE : 1;
  u32 found = 0;
  u32 strange = 0;
  u32 place = at;
  for (;;) {
    place = strange < MOST_STRANGE ? link & 0xffff : same_before(window, place, least, bytes);
    if (place < least) break;
    link = state->links[place % WINDOW];
    u32 passed = (count - (link >> 16)) & 0xffff;
    u64 others = load_8(window + place);
    u64 differing = others ^ bytes;
    if (differing << 16) {
      if (triple_of(others) == triple_of(bytes)) {
        if (passed >= places) break;
      } else {
        strange++;
      }
      continue;
    }
    // The farthest of all is seen only where it is the first.
    if (passed > places || (at - place == MOST_DISTANCE && passed > 1)) break;
    u32 length;
    if (differing) {
      length = (u32)__builtin_ctzll(differing) / 8;
      if (length > most) length = most;
    } else if (best >= 8 && load_8(window + place + best - 7) != load_8(window + at + best - 7)) {
      continue;
    } else {
      length = length_of_match(window + at, window + place, most);
    }
    if (length <= best) continue;
    best = found = length;
    *distance = at - place;
    if (length >= nice) break;
  }
  return found;
}

static void slide(struct deflate *state) {
  __builtin_memcpy(state->window, state->window + WINDOW, WINDOW);
  const v128_t both = wasm_i16x8_splat((i16)WINDOW);
  const v128_t lower = wasm_i32x4_splat(WINDOW);
  for (u32 index = 0; index < 1u << HEAD_BITS; index += 8) {
    u16 *heads = state->heads + index;
    wasm_v128_store(heads, wasm_u16x8_sub_sat(wasm_v128_load(heads), both));
  }
  for (u32 index = 0; index < WINDOW; index += 4) {
    u32 *links = state->links + index;
    wasm_v128_store(links, wasm_u16x8_sub_sat(wasm_v128_load(links), lower));
  }
  state->at -= WINDOW;
  state->block_start -= (i32)WINDOW;
}

struct piece {
  const u8 *from;
  u32 length;
};

/** The window moves on when zlib's does: that decides whether a place at its very beginning is still seen. */
static void fill(struct deflate *state, struct piece *piece) {
  do {
    if (state->at >= WINDOW + MOST_DISTANCE) slide(state);
    u32 end = state->at + state->ahead;
    u32 added = 2 * WINDOW - end < piece->length ? 2 * WINDOW - end : piece->length;
    __builtin_memcpy(state->window + end, piece->from, added);
    piece->from += added;
    piece->length -= added;
    state->ahead += added;
  } while (state->ahead < LEAST_AHEAD && piece->length > 0);
}

static void end_block(struct deflate *state, u32 is_last) {
  const u8 *bytes = state->block_start < 0 ? 0 : state->window + state->block_start;
  put_block(state, bytes, (u32)((i32)state->at - state->block_start), is_last);
  state->block_start = (i32)state->at;
}

/** @returns whether the block is full */
INLINE u32 add(struct deflate *state, symbol next) {
  state->symbols[state->symbol_count++] = next;
  return state->symbol_count == MOST_SYMBOLS;
}

/** The match that was kept is used. */
INLINE void use_match(struct deflate *state, u32 at) {
  u32 is_full = add(state, (MATCH + state->kept_length - SHORTEST_MATCH) | (state->kept_distance - 1) << 16);
  u32 end = at + state->kept_length - 1;
  state->ahead -= state->kept_length - 1;
  for (u32 place = at + 1; place < end; place++) insert(state, place, load_8(state->window + place));
  state->at = end;
  state->is_open = 0;
  state->kept_length = 0;
  if (is_full) end_block(state, 0);
}

/** The byte before is a literal, if it is in no symbol yet. */
INLINE void pass(struct deflate *state, u32 at, u32 length, u32 distance) {
  if (state->is_open && add(state, state->window[at - 1])) end_block(state, 0);
  state->is_open = 1;
  state->kept_length = length;
  state->kept_distance = distance;
  state->at = at + 1;
  state->ahead--;
}

/** As far as can be decided. */
static void take(struct deflate *state, struct piece piece, u32 is_last) {
  for (;;) {
    if (state->ahead < LEAST_AHEAD) {
      fill(state, &piece);
      if (state->ahead < LEAST_AHEAD && !is_last) return;
      if (state->ahead == 0) break;
    }
    u32 at = state->at;
    u64 bytes = load_8(state->window + at);
    u32 link = insert(state, at, bytes);
    u32 kept = state->kept_length;
    u32 length = 0;
    u32 distance = 0;
    if (kept < LAZY_LENGTH && state->ahead >= LEAST_USED) length = find(state, at, bytes, link, kept, state->ahead, &distance);
    if (kept > 0 && length == 0) use_match(state, at);
    else pass(state, at, length, distance);
  }
  if (state->is_open) add(state, state->window[state->at - 1]);
  end_block(state, 1);
}

EXPORT("deflateBytes")
u32 deflate_bytes(void) { return sizeof(struct deflate); }

/** @param state room for so many bytes */
EXPORT("beginDeflate")
void begin_deflate(struct deflate *state) {
  __builtin_memset(state, 0, sizeof *state);
  state->sums[0] = 1;
}

/**
 * Adds pieces of `length` bytes each; where they end matters a little. The head of the stream is the caller's (RFC 1950).
 * @param to room for 9 bytes for each 8, and 72,000. @returns bytes that were written; the last are the checksum
 */
EXPORT("deflate")
u32 deflate(struct deflate *state, const u8 *from, u32 length, u32 pieces, u32 is_last, u8 *to) {
  state->to = to;
  for (u32 index = 0; index < pieces; index++, from += length) {
    add_to_sums(state->sums, from, length);
    take(state, (struct piece){from, length}, 0);
  }
  if (is_last) {
    take(state, (struct piece){from, 0}, 1);
    store_big_endian(state->to, state->sums[1] << 16 | state->sums[0]);
    state->to += 4;
  }
  return (u32)(state->to - to);
}
