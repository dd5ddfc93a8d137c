// A code-block of JPEG 2000 (ISO/IEC 15444-1 C, D): the bit planes of its coefficients, told by an arithmetic code. All passes are in one
// codeword segment; none of the options of the code-block style is known here.
#include "kernel.h"

// The arithmetic decoder (annex C). Its bytes are spread out beforehand, without stuffed bits, so that many are loaded at once.

#define STATES 47

/** Probability of the less probable symbol, next state after the more probable and after the less probable one, whether the latter
 * exchanges them (table C.2). */
static const struct {
  u16 estimate;
  u8 after_more;
  u8 after_less;
  u8 exchanges;
} states[STATES] = {
    {0x5601, 1, 1, 1},    {0x3401, 2, 6, 0},    {0x1801, 3, 9, 0},    {0x0ac1, 4, 12, 0},   {0x0521, 5, 29, 0},
    {0x0221, 38, 33, 0},  {0x5601, 7, 6, 1},    {0x5401, 8, 14, 0},   {0x4801, 9, 14, 0},   {0x3801, 10, 14, 0},
    {0x3001, 11, 17, 0},  {0x2401, 12, 18, 0},  {0x1c01, 13, 20, 0},  {0x1601, 29, 21, 0},  {0x5601, 15, 14, 1},
    {0x5401, 16, 14, 0},  {0x5101, 17, 15, 0},  {0x4801, 18, 16, 0},  {0x3801, 19, 17, 0},  {0x3401, 20, 18, 0},
    {0x3001, 21, 19, 0},  {0x2801, 22, 19, 0},  {0x2401, 23, 20, 0},  {0x2201, 24, 21, 0},  {0x1c01, 25, 22, 0},
    {0x1801, 26, 23, 0},  {0x1601, 27, 24, 0},  {0x1401, 28, 25, 0},  {0x1201, 29, 26, 0},  {0x1101, 30, 27, 0},
    {0x0ac1, 31, 28, 0},  {0x09c1, 32, 29, 0},  {0x08a1, 33, 30, 0},  {0x0521, 34, 31, 0},  {0x0441, 35, 32, 0},
    {0x02a1, 36, 33, 0},  {0x0221, 37, 34, 0},  {0x0141, 38, 35, 0},  {0x0111, 39, 36, 0},  {0x0085, 40, 37, 0},
    {0x0049, 41, 38, 0},  {0x0025, 42, 39, 0},  {0x0015, 43, 40, 0},  {0x0009, 44, 41, 0},  {0x0005, 45, 42, 0},
    {0x0001, 45, 43, 0},  {0x5601, 46, 46, 0},
};

/** A state and its more probable symbol in one word: estimate (16 bits), symbol (1), next words after the more (7) and the less (7)
 * probable symbol. */
static u32 words[STATES * 2];

#define WORD_OF(state, symbol) ((state) * 2 + (symbol))

static void fill_words(void) {
  for (u32 state = 0; state < STATES; state++) {
    for (u32 symbol = 0; symbol < 2; symbol++) {
      u32 more = WORD_OF(states[state].after_more, symbol);
      u32 less = WORD_OF(states[state].after_less, symbol ^ states[state].exchanges);
      words[WORD_OF(state, symbol)] = states[state].estimate | symbol << 16 | more << 17 | less << 24;
    }
  }
}

struct decoder {
  u32 interval;
  /** The code register: 16 bits that are compared, and below them `spare` ones to come. */
  u64 code;
  i32 spare;
  const u8 *at;
  const u8 *end;
};

/** Behind the end are ones (C.3.4). */
INLINE u32 next_bits(struct decoder *decoder) {
  if (decoder->at >= decoder->end) return 0xffffffffu;
  u32 bits = load_big_endian(decoder->at);
  decoder->at += 4;
  return bits;
}

INLINE void refill(struct decoder *decoder) {
  if (decoder->spare >= 16) return;
  decoder->code |= (u64)next_bits(decoder) << (16 - decoder->spare);
  decoder->spare += 32;
}

/** DECODE with its exchanges and RENORMD (C.3.2, C.3.3); without branches, as nobody can foretell them. */
INLINE u32 decide(struct decoder *decoder, u32 *context) {
  u32 word = *context;
  u32 estimate = word & 0xffff;
  u32 interval = decoder->interval - estimate;
  u32 is_below = (u32)(decoder->code >> 48) < estimate;
  u32 is_less = is_below ^ (interval < estimate);
  decoder->code -= (u64)(estimate & (is_below - 1)) << 48;
  interval = (interval & (is_below - 1)) | (estimate & -is_below);
  u32 shift = leading_zeros(interval) - 16;
  // Where the interval stays large, so does the state.
  u32 next = words[word >> (17 + 7 * is_less) & 127];
  *context = shift ? next : word;
  decoder->interval = interval << shift;
  decoder->code <<= shift;
  decoder->spare -= (i32)shift;
  refill(decoder);
  return (word >> 16 & 1) ^ is_less;
}

/** After a byte of ones seven bits follow, and one that is added to those before (C.3.4). @returns bytes, the last filled up with ones */
static u32 spread(const u8 *from, u32 length, u8 *to) {
  u64 held = 0;
  u32 bits = 0;
  u8 *start = to;
  u32 before = 0;
  for (u32 index = 0; index < length; index++) {
    u32 byte = from[index];
    if (before == 0xff && byte > 0x8f) break;
    if (before == 0xff) {
      held = (held << 7) + byte;
      bits += 7;
      if (held >> bits) {
        held &= (1ull << bits) - 1;
        for (u8 *carried = to; carried > start && ++*--carried == 0;) {
        }
      }
    } else {
      held = held << 8 | byte;
      bits += 8;
    }
    before = byte;
    while (bits >= 8) {
      bits -= 8;
      *to++ = (u8)(held >> bits);
    }
    held &= (1ull << bits) - 1;
  }
  if (bits > 0) *to++ = (u8)(held << (8 - bits) | ((1u << (8 - bits)) - 1));
  for (u32 index = 0; index < 8; index++) to[index] = 0xff;
  return (u32)(to - start);
}

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
static u8 zero_contexts[4][512];
/** By what is significant above, to the left, to the right, below (bits 0 to 3), and what is negative (4 to 7): context and, in bit 7,
 * whether the sign is turned. */
static u8 sign_contexts[256];

static u8 zero_context(u32 kind, u32 around) {
#define BIT(at) (around >> (at) & 1)
  u32 diagonal = BIT(0) + BIT(2) + BIT(6) + BIT(8);
  u32 vertical = BIT(1) + BIT(7);
  u32 horizontal = BIT(3) + BIT(5);
#undef BIT
  if (kind == 3) {
    u32 straight = vertical + horizontal;
    if (diagonal >= 3) return 8;
    if (diagonal == 2) return straight >= 1 ? 7 : 6;
    if (diagonal == 1) return straight >= 2 ? 5 : (u8)(3 + straight);
    return straight >= 2 ? 2 : (u8)straight;
  }
  u32 first = kind == 1 ? vertical : horizontal;
  u32 second = kind == 1 ? horizontal : vertical;
  if (first == 2) return 8;
  if (first == 1) return second >= 1 ? 7 : diagonal >= 1 ? 6 : 5;
  if (second > 0) return (u8)(2 + second);
  return diagonal >= 2 ? 2 : (u8)diagonal;
}

static i32 contribution(u32 index, u32 one, u32 other) {
  i32 sum = 0;
  if (index >> one & 1) sum += index >> (one + 4) & 1 ? -1 : 1;
  if (index >> other & 1) sum += index >> (other + 4) & 1 ? -1 : 1;
  return sum > 1 ? 1 : sum < -1 ? -1 : sum;
}

static u8 sign_context(u32 index) {
  i32 vertical = contribution(index, 0, 3);
  i32 horizontal = contribution(index, 1, 2);
  u32 is_turned = horizontal < 0 || (horizontal == 0 && vertical < 0);
  if (is_turned) {
    horizontal = -horizontal;
    vertical = -vertical;
  }
  u32 context = horizontal == 1 ? (u32)(SIGN + 3 + vertical) : (u32)(SIGN + vertical);
  return (u8)(context | is_turned << 7);
}

/** Once, before all else. */
EXPORT("prepareBlocks")
void prepare_blocks(void) {
  fill_words();
  for (u32 kind = 0; kind < 4; kind++) {
    for (u32 around = 0; around < 512; around++) zero_contexts[kind][around] = zero_context(kind, around);
  }
  for (u32 index = 0; index < 256; index++) sign_contexts[index] = sign_context(index);
}

/** A border of words around those of the block: with sides of at least 4 and an area of at most 4096, this is the most. */
#define MOST_WORDS ((LARGEST_AREA / STRIPE) + 2 * (LARGEST_SIDE + 2) + 2 * (LARGEST_SIDE / STRIPE + 2) + 64)
static u32 knowledge[MOST_WORDS];

static u32 contexts[CONTEXTS];

struct block {
  struct decoder decoder;
  u32 width;
  u32 height;
  /** By stripe, column and row. */
  i32 *coefficients;
  const u8 *zero_contexts;
};

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

/** D.3.2 */
INLINE u32 decode_sign(struct decoder *decoder, const u32 *word, u32 row) {
  u32 own = word[0];
  u32 around = own >> (3 * row);
  u32 above = row == 0 ? own >> 30 & 1 : own >> (25 + row) & 1;
  u32 below = row == STRIPE - 1 ? own >> 31 : own >> (27 + row) & 1;
  u32 left = word[-1] >> (26 + row) & 1;
  u32 right = word[1] >> (26 + row) & 1;
  u32 significant = (around >> 1 & 1) | (around >> 2 & 2) | (around >> 3 & 4) | (around >> 4 & 8);
  u32 found = sign_contexts[significant | above << 4 | left << 5 | right << 6 | below << 7];
  return decide(decoder, &contexts[found & 127]) ^ found >> 7;
}

/** A coefficient becomes significant; `value`: what it is then. */
INLINE void decode_first(struct decoder *decoder, u32 *word, u32 stride, u32 row, i32 *coefficients, i32 value) {
  u32 is_negative = decode_sign(decoder, word, row);
  becomes_significant(word, stride, row, is_negative);
  coefficients[row] = is_negative ? -value : value;
}

/** Whether a coefficient becomes significant (D.3.1). */
INLINE u32 decode_zero(struct decoder *decoder, const u8 *zero_contexts, const u32 *word, u32 row) {
  return decide(decoder, &contexts[zero_contexts[*word >> (3 * row) & AROUND]]);
}

/** Does `step` for each row of each column, and `begin` before, which tells the first row. */
#define FOR_EACH_COEFFICIENT(block, is_passed_over, begin, step, end)                              \
  struct decoder decoder = (block)->decoder;                                                       \
  const u32 width = (block)->width;                                                                \
  const u32 stride = width + 2;                                                                    \
  i32 *coefficients = (block)->coefficients;                                                       \
  u32 *word = knowledge + stride + 1;                                                              \
  for (u32 top = 0; top < (block)->height; top += STRIPE, word += 2) {                             \
    const u32 rows = (block)->height - top < STRIPE ? (block)->height - top : STRIPE;              \
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
  }                                                                                                \
  (block)->decoder = decoder

/** D.3.1 */
PASS void significance_pass(struct block *block, i32 value) {
  const u8 *zeros = block->zero_contexts;
#define STEP(row)                                                              \
  if (!(*word & SELF(row)) && *word >> (3 * (row)) & AROUND) {                 \
    if (decode_zero(&decoder, zeros, word, row)) {                             \
      decode_first(&decoder, word, stride, row, coefficients, value);          \
    }                                                                          \
    *word |= CODED(row);                                                       \
  }
  FOR_EACH_COEFFICIENT(block, !(*word & ALL_SIGNIFICANT), , STEP, );
#undef STEP
}

/** D.3.3. `half`: what is added or taken away. */
PASS void refinement_pass(struct block *block, i32 half) {
#define STEP(row)                                                                                     \
  if ((*word & (SELF(row) | CODED(row))) == SELF(row)) {                                              \
    u32 context = *word & REFINED(row) ? 2u : (*word >> (3 * (row)) & AROUND) != 0;                   \
    i32 change = decide(&decoder, &contexts[REFINEMENT + context]) ? half : -half;                    \
    i32 sign = coefficients[row] >> 31;                                                               \
    coefficients[row] += (change ^ sign) - sign;                                                      \
    *word |= REFINED(row);                                                                            \
  }
  FOR_EACH_COEFFICIENT(block, !(*word & ALL_SELF), , STEP, );
#undef STEP
}

/** D.3.4 */
PASS void cleanup_pass(struct block *block, i32 value) {
  const u8 *zeros = block->zero_contexts;
#define STEP(row)                                                                                        \
  if (!(*word & (SELF(row) | CODED(row))) && decode_zero(&decoder, zeros, word, row)) {                  \
    decode_first(&decoder, word, stride, row, coefficients, value);                                      \
  }
#define BEGIN                                                                  \
  if (rows == STRIPE && !(*word & (ALL_SIGNIFICANT | ALL_CODED))) {            \
    if (!decide(&decoder, &contexts[RUN])) continue;                           \
    first = decide(&decoder, &contexts[UNIFORM]) << 1;                         \
    first |= decide(&decoder, &contexts[UNIFORM]);                             \
    decode_first(&decoder, word, stride, first, coefficients, value);          \
    first++;                                                                   \
  }
  FOR_EACH_COEFFICIENT(block, 0, BEGIN, STEP, *word &= ~ALL_CODED);
#undef BEGIN
#undef STEP
}

/**
 * Decodes a block of at most 4096 coefficients into `coefficients`, row by row.
 * @param kind 0 LL, 1 HL, 2 LH, 3 HH. @param planes bit planes that are coded, 1 to 30. @param passes of them
 * @param room as many bytes as there are, and 16
 */
EXPORT("decodeBlock")
void decode_block(const u8 *bytes, u32 length, u8 *room, i32 *coefficients, u32 width, u32 height, u32 kind, u32 planes,
                  u32 passes) {
  static i32 stripes[LARGEST_AREA + STRIPE * LARGEST_SIDE];
  struct block block;
  block.width = width;
  block.height = height;
  block.coefficients = stripes;
  block.zero_contexts = zero_contexts[kind];
  u32 count = (height + STRIPE - 1) / STRIPE * STRIPE * width;
  for (u32 index = 0; index < count; index++) stripes[index] = 0;
  u32 used = ((height + STRIPE - 1) / STRIPE + 2) * (width + 2);
  for (u32 index = 0; index < used; index++) knowledge[index] = 0;
  for (u32 context = 0; context < CONTEXTS; context++) contexts[context] = words[WORD_OF(0, 0)];
  contexts[0] = words[WORD_OF(4, 0)];
  contexts[RUN] = words[WORD_OF(3, 0)];
  contexts[UNIFORM] = words[WORD_OF(46, 0)];
  // INITDEC (C.3.5): 15 bits are compared at first.
  struct decoder decoder = {0x8000, 0, 0, room, room + spread(bytes, length, room)};
  decoder.code = (u64)next_bits(&decoder) << 31;
  decoder.spare = 17;
  block.decoder = decoder;

  // Twice what they are, and a half: the middle of what is not told (E.1.1.2).
  u32 plane = planes;
  u32 kind_of_pass = 2;
  for (u32 pass = 0; pass < passes && plane > 0; pass++) {
    i32 one = 1 << plane;
    if (kind_of_pass == 0) significance_pass(&block, one | one >> 1);
    else if (kind_of_pass == 1) refinement_pass(&block, one >> 1);
    else cleanup_pass(&block, one | one >> 1);
    kind_of_pass = (kind_of_pass + 1) % 3;
    if (kind_of_pass == 0) plane--;
  }
  for (u32 row = 0; row < height; row++) {
    const i32 *stripe = stripes + row / STRIPE * STRIPE * width + row % STRIPE;
    for (u32 column = 0; column < width; column++) *coefficients++ = stripe[column * STRIPE] / 2;
  }
}
