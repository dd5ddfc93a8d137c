// The reversible wavelet transform of JPEG 2000, both ways (ISO/IEC 15444-1 F.3, F.4), and what is between its values and samples (G.1, G.2).
#include "kernel.h"

/** One step of lifting: `lines` of `width` values, those of `first`, `first + 2` ... are changed by their neighbours, mirrored at the
 * ends. `bias` and `shift`: 2 and 2 with `sign` -1 for even ones, 0 and 1 with 1 for odd ones. */
INLINE void lift(i32 *values, i32 lines, u32 width, i32 first, i32 bias, i32 shift, i32 sign) {
  for (i32 line = first; line < lines; line += 2) {
    const i32 *before = values + (line > 0 ? line - 1 : line + 1) * (i32)width;
    const i32 *after = values + (line + 1 < lines ? line + 1 : line - 1) * (i32)width;
    i32 *restrict changed = values + line * (i32)width;
    for (u32 at = 0; at < width; at++) changed[at] += sign * ((before[at] + after[at] + bias) >> shift);
  }
}

/** @param parity 1 where the first line is one of high frequencies */
INLINE void synthesize(i32 *values, i32 lines, u32 width, i32 parity) {
  if (lines == 1) {
    if (parity) for (u32 at = 0; at < width; at++) values[at] /= 2;
    return;
  }
  lift(values, lines, width, parity, 2, 2, -1);
  lift(values, lines, width, 1 - parity, 0, 1, 1);
}

/** Values of a block, row by row, into rows that are `stride` apart. */
EXPORT("placeBlock")
void place_block(const i32 *values, u32 width, u32 height, i32 *to, u32 stride) {
  for (u32 row = 0; row < height; row++, to += stride) {
    for (u32 column = 0; column < width; column++) to[column] = *values++;
  }
}

/** Forwards, from the first line on. */
INLINE void analyze(i32 *values, i32 lines, u32 width) {
  if (lines == 1) return;
  lift(values, lines, width, 1, 0, 1, -1);
  lift(values, lines, width, 0, 2, 2, 1);
}

/** Columns that are transformed together. */
#define TOGETHER 16

/**
 * One level: low and high frequencies side by side, each way, become values in their place.
 * @param stride from one row to the next. @param low_columns, low_rows of width and height: low frequencies
 * @param room for 16 times as many values as there are rows or columns
 */
EXPORT("synthesizeLevel")
void synthesize_level(i32 *plane, u32 stride, u32 width, u32 height, u32 low_columns, u32 low_rows, u32 column_parity,
                      u32 row_parity, i32 *room) {
  for (u32 row = 0; row < height; row++) {
    i32 *line = plane + row * stride;
    for (u32 at = 0; at < low_columns; at++) room[2 * at + column_parity] = line[at];
    for (u32 at = 0; at < width - low_columns; at++) room[2 * at + 1 - column_parity] = line[low_columns + at];
    synthesize(room, (i32)width, 1, (i32)column_parity);
    for (u32 at = 0; at < width; at++) line[at] = room[at];
  }
  for (u32 left = 0; left < width; left += TOGETHER) {
    u32 columns = width - left < TOGETHER ? width - left : TOGETHER;
    for (u32 row = 0; row < height; row++) {
      u32 to = row < low_rows ? 2 * row + row_parity : 2 * (row - low_rows) + 1 - row_parity;
      const i32 *from = plane + row * stride + left;
      for (u32 at = 0; at < columns; at++) room[to * TOGETHER + at] = from[at];
    }
    synthesize(room, (i32)height, TOGETHER, (i32)row_parity);
    for (u32 row = 0; row < height; row++) {
      i32 *to = plane + row * stride + left;
      for (u32 at = 0; at < columns; at++) to[at] = room[row * TOGETHER + at];
    }
  }
}

/** The way there of one level, from even places on. @param room as for `synthesizeLevel` */
EXPORT("analyzeLevel")
void analyze_level(i32 *plane, u32 stride, u32 width, u32 height, i32 *room) {
  u32 low_columns = (width + 1) / 2;
  u32 low_rows = (height + 1) / 2;
  for (u32 left = 0; left < width; left += TOGETHER) {
    u32 columns = width - left < TOGETHER ? width - left : TOGETHER;
    for (u32 row = 0; row < height; row++) {
      const i32 *from = plane + row * stride + left;
      for (u32 at = 0; at < columns; at++) room[row * TOGETHER + at] = from[at];
    }
    analyze(room, (i32)height, TOGETHER);
    for (u32 row = 0; row < height; row++) {
      u32 from = row < low_rows ? 2 * row : 2 * (row - low_rows) + 1;
      i32 *to = plane + row * stride + left;
      for (u32 at = 0; at < columns; at++) to[at] = room[from * TOGETHER + at];
    }
  }
  for (u32 row = 0; row < height; row++) {
    i32 *line = plane + row * stride;
    for (u32 at = 0; at < width; at++) room[at] = line[at];
    analyze(room, (i32)width, 1);
    for (u32 at = 0; at < low_columns; at++) line[at] = room[2 * at];
    for (u32 at = 0; at < width - low_columns; at++) line[low_columns + at] = room[2 * at + 1];
  }
}

/** Colour of three planes, red, green and blue, turned (G.2.1). */
EXPORT("turnFromColour")
void turn_from_colour(i32 *first, i32 *second, i32 *third, u32 count) {
  for (u32 at = 0; at < count; at++) {
    i32 red = first[at];
    i32 green = second[at];
    i32 blue = third[at];
    first[at] = (red + 2 * green + blue) >> 2;
    second[at] = blue - green;
    third[at] = red - green;
  }
}

/** Samples of one or two bytes, of which `step` are a pixel, as values (G.1.1). @returns 1 where one is outside of its limits */
EXPORT("loadSamples")
u32 load_samples(const void *from, u32 count, u32 step, u32 is_wide, u32 is_signed, i32 shift, i32 least, i32 most, i32 *values) {
  u32 is_outside = 0;
  for (u32 at = 0; at < count; at++) {
    i32 sample;
    if (is_wide) sample = is_signed ? ((const i16 *)from)[at * step] : ((const u16 *)from)[at * step];
    else sample = is_signed ? ((const signed char *)from)[at * step] : ((const u8 *)from)[at * step];
    is_outside |= (sample < least) | (sample > most);
    values[at] = sample - shift;
  }
  return is_outside;
}

/** Colour of three planes turned back (G.2.2). */
EXPORT("turnColour")
void turn_colour(i32 *first, i32 *second, i32 *third, u32 count) {
  for (u32 at = 0; at < count; at++) {
    i32 green = first[at] - ((second[at] + third[at]) >> 2);
    i32 red = third[at] + green;
    i32 blue = second[at] + green;
    first[at] = red;
    second[at] = green;
    third[at] = blue;
  }
}

INLINE i32 limited(i32 value, i32 least, i32 most) { return value < least ? least : value > most ? most : value; }

/** Values as samples of one or two bytes, of which `step` are a pixel (G.1.2). */
EXPORT("storeSamples")
void store_samples(const i32 *values, u32 count, i32 shift, i32 least, i32 most, u32 is_wide, u32 step, void *to) {
  if (is_wide && step == 1) {
    for (u32 at = 0; at < count; at++) ((u16 *)to)[at] = (u16)limited(values[at] + shift, least, most);
  } else if (is_wide) {
    for (u32 at = 0; at < count; at++) ((u16 *)to)[at * step] = (u16)limited(values[at] + shift, least, most);
  } else {
    for (u32 at = 0; at < count; at++) ((u8 *)to)[at * step] = (u8)limited(values[at] + shift, least, most);
  }
}
