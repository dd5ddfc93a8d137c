// RLE Lossless (PS3.5 G.3.1): one segment, from every `step`th byte of a frame. Runs of three and more are replicated; none crosses rows.
#include "kernel.h"

#define LONGEST 128
#define LARGEST_ROW 65536

static u8 row_bytes[LARGEST_ROW + 2];

INLINE u8 *put_literals(u8 *to, u32 from, u32 end) {
  while (from < end) {
    u32 length = end - from < LONGEST ? end - from : LONGEST;
    *to++ = (u8)(length - 1);
    for (u32 index = 0; index < length; index++) *to++ = row_bytes[from + index];
    from += length;
  }
  return to;
}

INLINE u8 *put_row(u8 *to, u32 columns) {
  u32 literal = 0;
  u32 at = 0;
  while (at + 2 < columns) {
    u8 value = row_bytes[at];
    if (row_bytes[at + 1] != value || row_bytes[at + 2] != value) {
      at++;
      continue;
    }
    u32 most = columns - at < LONGEST ? columns - at : LONGEST;
    u32 run = 3;
    while (run < most && row_bytes[at + run] == value) run++;
    to = put_literals(to, literal, at);
    *to++ = (u8)(257 - run);
    *to++ = value;
    at += run;
    literal = at;
  }
  return put_literals(to, literal, columns);
}

/** @param columns at most 65535. @returns bytes that were written, an even number: at most a 64th more than there are, and 3 a row. */
EXPORT("encodeRunLengths")
u32 encode_run_lengths(const u8 *from, u32 step, u32 rows, u32 columns, u8 *to) {
  u8 *start = to;
  for (u32 row = 0; row < rows; row++) {
    for (u32 column = 0; column < columns; column++, from += step) row_bytes[column] = *from;
    to = put_row(to, columns);
  }
  if ((to - start) % 2 != 0) *to++ = 0;
  return (u32)(to - start);
}
