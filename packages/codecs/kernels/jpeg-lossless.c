// JPEG lossless (ITU-T T.81 H, process 14), prediction by the sample to the left (selection value 1): each sample is told by its
// difference, that by its category of 0 to 16 (table H.2) and by which one of the category it is.
#include "kernel.h"

INLINE i32 sample_at(const void *samples, u32 at, u32 is_wide) {
  return is_wide ? ((const u16 *)samples)[at] : ((const u8 *)samples)[at];
}

INLINE u32 category_of(i32 difference) {
  u32 size = (u32)(difference < 0 ? -difference : difference);
  return size == 0 ? 0 : 32 - leading_zeros(size);
}

/** Modulo 2 to the 16th (H.1.2.1). `at` counts samples, `column` those of the row. */
INLINE i32 difference_at(const void *samples, u32 at, u32 column, u32 width, u32 step, u32 precision, u32 is_wide) {
  i32 predicted;
  if (column >= step) predicted = sample_at(samples, at - step, is_wide);
  else if (at >= width) predicted = sample_at(samples, at - width, is_wide);
  else predicted = 1 << (precision - 1);
  return (i16)(sample_at(samples, at, is_wide) - predicted);
}

INLINE void count(const void *samples, u32 rows, u32 width, u32 step, u32 precision, u32 is_wide, u32 *frequencies) {
  for (u32 row = 0, at = 0; row < rows; row++) {
    for (u32 column = 0; column < width; column++, at++) {
      frequencies[category_of(difference_at(samples, at, column, width, step, precision, is_wide))]++;
    }
  }
}

/** Adds to the frequencies of the 17 categories. `width`: samples of a row; `step`: samples of a pixel. */
EXPORT("countDifferences")
void count_differences(const void *samples, u32 rows, u32 width, u32 step, u32 precision, u32 is_wide, u32 *frequencies) {
  if (is_wide) count(samples, rows, width, step, precision, 1, frequencies);
  else count(samples, rows, width, step, precision, 0, frequencies);
}

/** Bits on their way out; after a byte of ones comes one of zeros (F.1.2.3). */
struct sink {
  u64 held;
  u32 bits;
  u8 *to;
};

INLINE u32 has_byte_of_ones(u32 word) { return (~word - 0x01010101u) & word & 0x80808080u; }

INLINE void put_byte(struct sink *sink, u8 byte) {
  *sink->to++ = byte;
  if (byte == 0xff) *sink->to++ = 0;
}

/** At most 32 bits. */
INLINE void put(struct sink *sink, u32 value, u32 bits) {
  sink->held = sink->held << bits | value;
  sink->bits += bits;
  if (sink->bits < 32) return;
  sink->bits -= 32;
  u32 word = (u32)(sink->held >> sink->bits);
  if (!has_byte_of_ones(word)) {
    store_big_endian(sink->to, word);
    sink->to += 4;
    return;
  }
  for (i32 shift = 24; shift >= 0; shift -= 8) put_byte(sink, (u8)(word >> shift));
}

/** Fills the last byte up with ones. */
INLINE void flush(struct sink *sink) {
  u32 open = (8 - sink->bits % 8) % 8;
  u64 held = sink->held << open | ((1u << open) - 1);
  for (u32 left = sink->bits + open; left > 0; left -= 8) put_byte(sink, (u8)(held >> (left - 8)));
}

INLINE u32 encode(const void *samples, u32 rows, u32 width, u32 step, u32 precision, u32 is_wide, const u32 *codes,
                  const u32 *lengths, u8 *to) {
  struct sink sink = {0, 0, to};
  for (u32 row = 0, at = 0; row < rows; row++) {
    for (u32 column = 0; column < width; column++, at++) {
      i32 difference = difference_at(samples, at, column, width, step, precision, is_wide);
      u32 category = category_of(difference);
      // Of 16 bits there is but one, -32768: nothing follows its code.
      u32 bits = category & 15;
      // Negative ones are told by their complement (F.1.2.1.1).
      u32 which = (u32)(difference + (difference >> 31)) & ((1u << bits) - 1);
      put(&sink, codes[category] << bits | which, lengths[category] + bits);
    }
  }
  flush(&sink);
  return (u32)(sink.to - to);
}

/** @returns bytes that were written: at most twice as many as the codes take, and one. */
EXPORT("encodeDifferences")
u32 encode_differences(const void *samples, u32 rows, u32 width, u32 step, u32 precision, u32 is_wide, const u32 *codes,
                       const u32 *lengths, u8 *to) {
  if (is_wide) return encode(samples, rows, width, step, precision, 1, codes, lengths, to);
  return encode(samples, rows, width, step, precision, 0, codes, lengths, to);
}
