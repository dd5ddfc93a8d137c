// A stream of DEFLATE (RFC 1951) in the making. All decisions are those of zlib (Jean-loup Gailly, Mark Adler) with level 6, memLevel 8,
// a window of 32 KiB and the strategy Z_FILTERED, so that the stream is the same byte for byte; how they are come to is our own.
#pragma once

#include "kernel.h"

#define WINDOW 32768u
#define LONGEST_MATCH 258u
#define SHORTEST_MATCH 3u
/** Bytes behind the window that may be read, but decide nothing. */
#define BEHIND_WINDOW 512u
#define MOST_SYMBOLS 16383u
#define HEAD_BITS 15
#define TRIPLE_BITS 15

/** Literals as they are; matches: 256 + length - 3, and distance - 1 in the upper half. */
typedef u32 symbol;
#define MATCH 256u

struct deflate {
  u8 window[2 * WINDOW + BEHIND_WINDOW];
  /** For each place of the window: the place before it with the same hash of six bytes, and in the upper half how many places before it had
   * the same hash of three bytes. */
  u32 links[WINDOW];
  /** By the hash of six bytes: the last place, 0 for none. */
  u16 heads[1 << HEAD_BITS];
  /** By the hash of three bytes: how many places there were, modulo 2 to the 16th. */
  u16 counts[1 << TRIPLE_BITS];
  symbol symbols[MOST_SYMBOLS];
  u32 symbol_count;
  /** Place in the window, and how many bytes are known from there. */
  u32 at;
  u32 ahead;
  /** May be before the window. */
  i32 block_start;
  /** The match that began at the byte before; 0: none. */
  u32 kept_length;
  u32 kept_distance;
  /** The byte before is in no symbol yet. */
  u32 is_open;
  u32 sums[2];
  u64 held;
  u32 bits;
  u8 *to;
};

INLINE u64 load_8(const u8 *at) {
  u64 value;
  __builtin_memcpy(&value, at, 8);
  return value;
}

/** The symbols as a block. @param bytes what they stand for; 0 where that is no longer known. */
void put_block(struct deflate *state, const u8 *bytes, u32 length, u32 is_last);
