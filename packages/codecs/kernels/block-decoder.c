// A code-block of JPEG 2000 (ISO/IEC 15444-1 C, D): the bit planes of its coefficients, told by an arithmetic code. All passes are in one
// codeword segment; none of the options of the code-block style is known here.
#include "block.h"

// The arithmetic decoder (annex C). Its bytes are spread out beforehand, without stuffed bits, so that many are loaded at once.

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
  u32 estimate = estimate_of(word);
  u32 interval = decoder->interval - estimate;
  u32 is_below = (u32)(decoder->code >> 48) < estimate;
  u32 is_less = is_below ^ (interval < estimate);
  decoder->code -= (u64)(estimate & (is_below - 1)) << 48;
  interval = (interval & (is_below - 1)) | (estimate & -is_below);
  u32 shift = leading_zeros(interval) - 16;
  // Where the interval stays large, so does the state.
  u32 next = word_after(word, is_less);
  *context = shift ? next : word;
  decoder->interval = interval << shift;
  decoder->code <<= shift;
  decoder->spare -= (i32)shift;
  refill(decoder);
  return symbol_of(word) ^ is_less;
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

struct block {
  struct decoder decoder;
  u32 width;
  u32 height;
  const u8 *zeros;
};

/** D.3.2 */
INLINE u32 decode_sign(struct decoder *decoder, const u32 *word, u32 row) {
  u32 found = sign_contexts[signs_around(word, row)];
  return decide(decoder, &contexts[found & 127]) ^ found >> 7;
}

/** A coefficient becomes significant; `value`: what it is then. */
INLINE void decode_first(struct decoder *decoder, u32 *word, u32 stride, u32 row, i32 *coefficients, i32 value) {
  u32 is_negative = decode_sign(decoder, word, row);
  becomes_significant(word, stride, row, is_negative);
  coefficients[row] = is_negative ? -value : value;
}

/** Whether a coefficient becomes significant (D.3.1). */
INLINE u32 decode_zero(struct decoder *decoder, const u8 *zeros, const u32 *word, u32 row) {
  return decide(decoder, &contexts[zeros[around(*word, row)]]);
}

/** D.3.1 */
PASS void significance_pass(struct block *block, i32 value) {
  const u8 *zeros = block->zeros;
#define STEP(row)                                                              \
  if (!(*word & SELF(row)) && around(*word, row)) {                 \
    if (decode_zero(&decoder, zeros, word, row)) {                             \
      decode_first(&decoder, word, stride, row, coefficients, value);          \
    }                                                                          \
    *word |= CODED(row);                                                       \
  }
  struct decoder decoder = block->decoder;
  FOR_EACH_COEFFICIENT(block->width, block->height, !(*word & ALL_SIGNIFICANT), , STEP, )
  block->decoder = decoder;
#undef STEP
}

/** D.3.3. `half`: what is added or taken away. */
PASS void refinement_pass(struct block *block, i32 half) {
#define STEP(row)                                                                                     \
  if ((*word & (SELF(row) | CODED(row))) == SELF(row)) {                                              \
    i32 change = decide(&decoder, &contexts[refinement_context(*word, row)]) ? half : -half;          \
    i32 sign = coefficients[row] >> 31;                                                               \
    coefficients[row] += (change ^ sign) - sign;                                                      \
    *word |= REFINED(row);                                                                            \
  }
  struct decoder decoder = block->decoder;
  FOR_EACH_COEFFICIENT(block->width, block->height, !(*word & ALL_SELF), , STEP, )
  block->decoder = decoder;
#undef STEP
}

/** D.3.4 */
PASS void cleanup_pass(struct block *block, i32 value) {
  const u8 *zeros = block->zeros;
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
  struct decoder decoder = block->decoder;
  FOR_EACH_COEFFICIENT(block->width, block->height, 0, BEGIN, STEP, *word &= ~ALL_CODED)
  block->decoder = decoder;
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
  struct block block;
  block.width = width;
  block.height = height;
  block.zeros = zero_contexts[kind];
  u32 count = stripes_of(height) * STRIPE * width;
  for (u32 index = 0; index < count; index++) stripes[index] = 0;
  begin_block(width, height);
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
