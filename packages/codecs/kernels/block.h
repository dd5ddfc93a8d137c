// What coding and decoding a code-block of JPEG 2000 have in common (ISO/IEC 15444-1 C, D): the states of the arithmetic code, and what
// is known of the coefficients. One block at a time.
#pragma once

#include "kernel.h"

#define STATES 47
#define WORD_OF(state, symbol) ((state) * 2 + (symbol))

/** A state and its more probable symbol in one word: estimate (16 bits), symbol (1), next words after the more (7) and the less (7)
 * probable symbol. */
extern u32 words[STATES * 2];

INLINE u32 estimate_of(u32 word) { return word & 0xffff; }
INLINE u32 symbol_of(u32 word) { return word >> 16 & 1; }
INLINE u32 word_after(u32 word, u32 is_less) { return words[word >> (17 + 7 * is_less) & 127]; }

// What is known of four coefficients of a column that are coded one after the other (D.1), and of those around them: one word.
//
//   bits 3 * (row + 1) + 0, 1, 2   is significant: to the left, itself, to the right; row -1 is the one above, row 4 the one below
//   bits 18 + row                  was coded in this bit plane
//   bits 22 + row                  was refined before
//   bits 26 + row                  is negative; bit 30: the one above, bit 31: the one below

/** Each pass has its decoder in registers: together there are too few of them. */
#define PASS static __attribute__((noinline))

#define STRIPE 4
#define SELF(row) (1u << (3 * (row) + 4))
#define TO_LEFT(row) (1u << (3 * (row) + 3))
#define TO_RIGHT(row) (1u << (3 * (row) + 5))
#define ALL_SIGNIFICANT 0x3ffffu
#define ALL_SELF (SELF(0) | SELF(1) | SELF(2) | SELF(3))
#define CODED(row) (1u << (18 + (row)))
#define ALL_CODED (15u << 18)
#define REFINED(row) (1u << (22 + (row)))
#define NEGATIVE(row) (1u << (26 + (row)))
#define NEGATIVE_ABOVE (1u << 30)
#define NEGATIVE_BELOW (1u << 31)
/** The eight around, and the one in the middle, of row 0. */
#define AROUND 0x1efu

#define LARGEST_SIDE 1024
#define LARGEST_AREA 4096

/** Contexts (table D.1 to D.5). */
#define SIGN 9
#define REFINEMENT 14
#define RUN 17
#define UNIFORM 18
#define CONTEXTS 19


/** By the kind of sub-band, and what is significant around. */
extern u8 zero_contexts[4][512];
/** By what is significant above, to the left, to the right, below (bits 0 to 3), and what is negative (4 to 7): context and, in bit 7,
 * whether the sign is turned. */
extern u8 sign_contexts[256];

/** A border of words around those of the block: with sides of at least 4 and an area of at most 4096, this is the most. */
#define MOST_WORDS ((LARGEST_AREA / STRIPE) + 2 * (LARGEST_SIDE + 2) + 2 * (LARGEST_SIDE / STRIPE + 2) + 64)
extern u32 knowledge[MOST_WORDS];

/** Words of `words`. */
extern u32 contexts[CONTEXTS];

/** Coefficients by stripe, column and row: of partial stripes too there are four. */
extern i32 stripes[LARGEST_AREA + STRIPE * LARGEST_SIDE];

INLINE u32 stripes_of(u32 height) { return (height + STRIPE - 1) / STRIPE; }

/** Nothing is known, nothing is significant. */
void begin_block(u32 width, u32 height);

INLINE void becomes_significant(u32 *word, u32 stride, u32 row, u32 is_negative) {
  word[-1] |= TO_RIGHT(row);
  word[0] |= SELF(row) | (is_negative ? NEGATIVE(row) : 0);
  word[1] |= TO_LEFT(row);
  if (row == 0) {
    u32 *above = word - stride;
    above[-1] |= TO_RIGHT(4);
    above[0] |= SELF(4) | (is_negative ? NEGATIVE_BELOW : 0);
    above[1] |= TO_LEFT(4);
  }
  if (row == STRIPE - 1) {
    u32 *below = word + stride;
    below[-1] |= TO_RIGHT(-1);
    below[0] |= SELF(-1) | (is_negative ? NEGATIVE_ABOVE : 0);
    below[1] |= TO_LEFT(-1);
  }
}


/** Index of `zero_contexts`. */
INLINE u32 around(u32 word, u32 row) { return word >> (3 * row) & AROUND; }

/** Index of `sign_contexts` (D.3.2). */
INLINE u32 signs_around(const u32 *word, u32 row) {
  u32 own = word[0];
  u32 nine = own >> (3 * row);
  u32 above = row == 0 ? own >> 30 & 1 : own >> (25 + row) & 1;
  u32 below = row == STRIPE - 1 ? own >> 31 : own >> (27 + row) & 1;
  u32 left = word[-1] >> (26 + row) & 1;
  u32 right = word[1] >> (26 + row) & 1;
  u32 significant = (nine >> 1 & 1) | (nine >> 2 & 2) | (nine >> 3 & 4) | (nine >> 4 & 8);
  return significant | above << 4 | left << 5 | right << 6 | below << 7;
}

/** D.3.3 */
INLINE u32 refinement_context(u32 word, u32 row) {
  return REFINEMENT + (word & REFINED(row) ? 2u : around(word, row) != 0);
}

/** Does `step` for each row of each column, and `begin` before, which tells the first row. */
#define FOR_EACH_COEFFICIENT(columns, height, is_passed_over, begin, step, end)                    \
  const u32 width = (columns);                                                                     \
  const u32 stride = width + 2;                                                                    \
  i32 *coefficients = stripes;                                                                     \
  u32 *word = knowledge + stride + 1;                                                              \
  for (u32 top = 0; top < (height); top += STRIPE, word += 2) {                             \
    const u32 rows = (height) - top < STRIPE ? (height) - top : STRIPE;              \
    for (u32 column = 0; column < width; column++, word++, coefficients += STRIPE) {               \
      if (is_passed_over) continue;                                                                \
      u32 first = 0;                                                                               \
      begin;                                                                                       \
      if (first <= 0) step(0);                                                                     \
      if (first <= 1 && rows > 1) step(1);                                                         \
      if (first <= 2 && rows > 2) step(2);                                                         \
      if (first <= 3 && rows > 3) step(3);                                                         \
      end;                                                                                         \
    }                                                                                              \
  }
