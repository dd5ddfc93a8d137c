// A code-block of JPEG 2000 (ISO/IEC 15444-1 C, D) coded: all of its bit planes, in one codeword segment.
#include "block.h"

/** The arithmetic encoder (C.2). `at` is the last byte, which may still change. */
struct encoder {
  u32 interval;
  u32 code;
  u32 left;
  u8 *at;
};

/** BYTEOUT */
INLINE void put_byte(struct encoder *encoder) {
  if (*encoder->at != 0xff && encoder->code >= 0x8000000) {
    ++*encoder->at;
    encoder->code &= 0x7ffffff;
  }
  u32 bits = *encoder->at == 0xff ? 20 : 19;
  *++encoder->at = (u8)(encoder->code >> bits);
  encoder->code &= (1u << bits) - 1;
  encoder->left = 27 - bits;
}

/** ENCODE with its exchanges and RENORME; as `decide` of the decoder, mostly without branches. */
INLINE void encode(struct encoder *encoder, u32 *context, u32 symbol) {
  u32 word = *context;
  u32 estimate = estimate_of(word);
  u32 is_less = symbol ^ symbol_of(word);
  u32 interval = encoder->interval - estimate;
  // The smaller part is the lower one, whichever symbol it stands for.
  u32 is_lower = is_less ^ (interval < estimate);
  encoder->code += estimate & (is_lower - 1);
  interval = (interval & (is_lower - 1)) | (estimate & -is_lower);
  u32 shift = leading_zeros(interval) - 16;
  u32 next = word_after(word, is_less);
  *context = shift ? next : word;
  encoder->interval = interval << shift;
  while (shift >= encoder->left) {
    shift -= encoder->left;
    encoder->code <<= encoder->left;
    put_byte(encoder);
  }
  encoder->code <<= shift;
  encoder->left -= shift;
}

/** FLUSH (C.2.9). @returns behind the last byte */
static u8 *flush(struct encoder *encoder) {
  u32 end = encoder->code + encoder->interval;
  encoder->code |= 0xffff;
  if (encoder->code >= end) encoder->code -= 0x8000;
  for (u32 bytes = 0; bytes < 2; bytes++) {
    encoder->code <<= encoder->left;
    put_byte(encoder);
  }
  return *encoder->at == 0xff ? encoder->at : encoder->at + 1;
}

#define NEGATIVE_BIT 0x80000000u

/** What is coded: size, and in the highest bit whether it is negative. */
struct block {
  struct encoder encoder;
  u32 width;
  u32 height;
  const u8 *zeros;
};

INLINE u32 is_negative(i32 coefficient) { return (u32)coefficient >> 31; }

/** A coefficient becomes significant (D.3.2). */
INLINE void encode_sign(struct encoder *encoder, u32 *word, u32 stride, u32 row, i32 coefficient) {
  u32 found = sign_contexts[signs_around(word, row)];
  encode(encoder, &contexts[found & 127], is_negative(coefficient) ^ found >> 7);
  becomes_significant(word, stride, row, is_negative(coefficient));
}

/** D.3.1 */
PASS void significance_pass(struct block *block, u32 plane) {
  const u8 *zeros = block->zeros;
  struct encoder encoder = block->encoder;
#define STEP(row)                                                                \
  if (!(*word & SELF(row)) && around(*word, row)) {                              \
    u32 bit = (u32)coefficients[row] >> plane & 1;                               \
    encode(&encoder, &contexts[zeros[around(*word, row)]], bit);                 \
    if (bit) encode_sign(&encoder, word, stride, row, coefficients[row]);        \
    *word |= CODED(row);                                                         \
  }
  FOR_EACH_COEFFICIENT(block->width, block->height, !(*word & ALL_SIGNIFICANT), , STEP, )
#undef STEP
  block->encoder = encoder;
}

/** D.3.3 */
PASS void refinement_pass(struct block *block, u32 plane) {
  struct encoder encoder = block->encoder;
#define STEP(row)                                                                                           \
  if ((*word & (SELF(row) | CODED(row))) == SELF(row)) {                                                    \
    encode(&encoder, &contexts[refinement_context(*word, row)], (u32)coefficients[row] >> plane & 1);       \
    *word |= REFINED(row);                                                                                  \
  }
  FOR_EACH_COEFFICIENT(block->width, block->height, !(*word & ALL_SELF), , STEP, )
#undef STEP
  block->encoder = encoder;
}

/** The first of four whose bit is set, or 4. */
INLINE u32 first_set(const i32 *coefficients, u32 plane) {
  u32 row = 0;
  while (row < STRIPE && !((u32)coefficients[row] >> plane & 1)) row++;
  return row;
}

/** D.3.4 */
PASS void cleanup_pass(struct block *block, u32 plane) {
  const u8 *zeros = block->zeros;
  struct encoder encoder = block->encoder;
#define STEP(row)                                                                \
  if (!(*word & (SELF(row) | CODED(row)))) {                                     \
    u32 bit = (u32)coefficients[row] >> plane & 1;                               \
    encode(&encoder, &contexts[zeros[around(*word, row)]], bit);                 \
    if (bit) encode_sign(&encoder, word, stride, row, coefficients[row]);        \
  }
#define BEGIN                                                                    \
  if (rows == STRIPE && !(*word & (ALL_SIGNIFICANT | ALL_CODED))) {              \
    first = first_set(coefficients, plane);                                      \
    encode(&encoder, &contexts[RUN], first < STRIPE);                            \
    if (first == STRIPE) continue;                                               \
    encode(&encoder, &contexts[UNIFORM], first >> 1);                            \
    encode(&encoder, &contexts[UNIFORM], first & 1);                             \
    encode_sign(&encoder, word, stride, first, coefficients[first]);             \
    first++;                                                                     \
  }
  FOR_EACH_COEFFICIENT(block->width, block->height, 0, BEGIN, STEP, *word &= ~ALL_CODED)
#undef BEGIN
#undef STEP
  block->encoder = encoder;
}

/** Takes the coefficients of a block. @returns how many bit planes there are */
static u32 load_block(const i32 *from, u32 stride, u32 width, u32 height) {
  u32 count = stripes_of(height) * STRIPE * width;
  for (u32 index = 0; index < count; index++) stripes[index] = 0;
  u32 all = 0;
  for (u32 row = 0; row < height; row++, from += stride) {
    i32 *stripe = stripes + row / STRIPE * STRIPE * width + row % STRIPE;
    for (u32 column = 0; column < width; column++) {
      i32 value = from[column];
      u32 size = (u32)(value < 0 ? -value : value);
      all |= size;
      stripe[column * STRIPE] = (i32)(size | (value < 0 ? NEGATIVE_BIT : 0));
    }
  }
  return all == 0 ? 0 : 32 - leading_zeros(all);
}

/**
 * Codes a block of at most 4096 coefficients, from rows that are `stride` apart.
 * @param kind 0 LL, 1 HL, 2 LH, 3 HH. @param bytes room for 16 a coefficient, and 64; the first is not used
 * @param planes is told the number of bit planes: all three passes of each are coded, but for the first, which has one
 * @returns the number of bytes, from the second on
 */
EXPORT("encodeBlock")
u32 encode_block(const i32 *coefficients, u32 stride, u32 width, u32 height, u32 kind, u8 *bytes, u32 *planes) {
  *planes = load_block(coefficients, stride, width, height);
  if (*planes == 0) return 0;
  begin_block(width, height);
  struct block block;
  block.width = width;
  block.height = height;
  block.zeros = zero_contexts[kind];
  bytes[0] = 0;
  // INITENC (C.2.8)
  struct encoder encoder = {0x8000, 0, 12, bytes};
  block.encoder = encoder;
  for (u32 plane = *planes; plane-- > 0;) {
    if (plane + 1 < *planes) {
      significance_pass(&block, plane);
      refinement_pass(&block, plane);
    }
    cleanup_pass(&block, plane);
  }
  return (u32)(flush(&block.encoder) - (bytes + 1));
}
