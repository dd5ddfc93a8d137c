// JPEG-LS without loss (ITU-T T.87 A, F), decoded: one component, thresholds as the standard has them by default.
#include "kernel.h"

#define REGULAR_CONTEXTS 365
#define RESET 64
#define LEAST_BIAS -128
#define MOST_BIAS 127

/** Table A.5; for the two of interrupted runs `negative` counts errors below 0. */
struct context {
  i32 size;
  i32 sum;
  i32 bias;
  i32 count;
};
static struct context contexts[REGULAR_CONTEXTS];
static struct {
  i32 size;
  i32 count;
  i32 negative;
} interrupted[2];

/** Exponents of the lengths of runs (A.7.1.1). */
static const u8 run_exponents[32] = {0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2,  2,  3,  3,  3,  3,
                                     4, 4, 5, 5, 6, 6, 7, 7, 8, 9, 10, 11, 12, 13, 14, 15};

struct reader {
  u64 held;
  i32 bits;
  const u8 *at;
  const u8 *end;
};

/** At least 32 bits are held then; behind the end are zeros. */
INLINE void fill(struct reader *reader) {
  if (reader->bits > 32) return;
  u64 next = reader->at < reader->end ? load_big_endian(reader->at) : 0;
  reader->at += 4;
  reader->held |= next << (32 - reader->bits);
  reader->bits += 32;
}

/** 0 to 32 bits. */
INLINE u32 take(struct reader *reader, u32 count) {
  fill(reader);
  u32 value = (u32)(reader->held >> 1 >> (63 - count));
  reader->held <<= count;
  reader->bits -= (i32)count;
  return value;
}

/** After a byte of ones seven bits follow (A.1). @returns bytes */
static u32 spread(const u8 *from, u32 length, u8 *to) {
  u64 held = 0;
  u32 bits = 0;
  u8 *start = to;
  u32 before = 0;
  for (u32 index = 0; index < length; index++) {
    u32 byte = from[index];
    u32 added = before == 0xff ? 7 : 8;
    if (byte >> added) break;
    held = held << added | byte;
    bits += added;
    before = byte;
    while (bits >= 8) {
      bits -= 8;
      *to++ = (u8)(held >> bits);
    }
  }
  if (bits > 0) *to++ = (u8)(held << (8 - bits));
  for (u32 index = 0; index < 8; index++) to[index] = 0;
  return (u32)(to - start);
}

/** A.5.3: a Golomb code of limited length. */
INLINE u32 take_golomb(struct reader *reader, u32 exponent, u32 limit, u32 precision) {
  u32 zeros = 0;
  fill(reader);
  while (!(reader->held >> 32) && zeros < limit) {
    zeros += 32;
    reader->held <<= 32;
    reader->bits -= 32;
    fill(reader);
  }
  u32 more = reader->held ? (u32)__builtin_clzll(reader->held) : 63;
  zeros += more;
  reader->held = reader->held << more << 1;
  reader->bits -= (i32)more + 1;
  if (zeros < limit - precision - 1) return zeros << exponent | take(reader, exponent);
  return take(reader, precision) + 1;
}

INLINE u32 exponent_of(i32 count, i32 size) {
  u32 exponent = 0;
  while (count << exponent < size && exponent < 24) exponent++;
  return exponent;
}

/** A.3.3, by difference: -4 to 4. */
INLINE i32 quantized(i32 difference, const i32 *thresholds) {
  i32 size = difference < 0 ? -difference : difference;
  i32 level = (size > 0) + (size >= thresholds[0]) + (size >= thresholds[1]) + (size >= thresholds[2]);
  return difference < 0 ? -level : level;
}

/** A.4.1 */
INLINE i32 predicted(i32 left, i32 above, i32 corner) {
  i32 least = left < above ? left : above;
  i32 most = left < above ? above : left;
  if (corner >= most) return least;
  if (corner <= least) return most;
  return left + above - corner;
}

/** A.6 */
INLINE void learn(struct context *context, i32 error) {
  context->sum += error;
  context->size += error < 0 ? -error : error;
  if (context->count == RESET) {
    context->size >>= 1;
    context->sum >>= 1;
    context->count >>= 1;
  }
  context->count++;
  if (context->sum <= -context->count) {
    context->sum += context->count;
    if (context->bias > LEAST_BIAS) context->bias--;
    if (context->sum <= -context->count) context->sum = 1 - context->count;
  } else if (context->sum > 0) {
    context->sum -= context->count;
    if (context->bias < MOST_BIAS) context->bias++;
    if (context->sum > 0) context->sum = 0;
  }
}

/** What is the same for all samples. */
struct scan {
  u32 precision;
  u32 limit;
  i32 most;
  /** -4 to 4 for each difference from -`most` to `most`. */
  const signed char *levels;
  u32 run_index;
};

/** A.5, A.4.2 */
INLINE i32 regular_sample(struct reader *reader, const struct scan *scan, i32 index, i32 left, i32 above, i32 corner) {
  i32 sign = index >> 31;
  struct context *context = &contexts[(index ^ sign) - sign];
  i32 value = predicted(left, above, corner) + ((context->bias ^ sign) - sign);
  value = value < 0 ? 0 : value > scan->most ? scan->most : value;
  u32 exponent = exponent_of(context->count, context->size);
  u32 told = take_golomb(reader, exponent, scan->limit, scan->precision);
  i32 error = (i32)(told >> 1) ^ -(i32)(told & 1);
  if (exponent == 0 && 2 * context->sum <= -context->count) error = ~error;
  learn(context, error);
  return (value + ((error ^ sign) - sign)) & scan->most;
}

/** The sample that ends a run (A.7.2). */
static i32 interrupting_sample(struct reader *reader, const struct scan *scan, i32 left, i32 above) {
  u32 type = left == above;
  i32 size = interrupted[type].size + (type ? interrupted[type].count >> 1 : 0);
  u32 exponent = exponent_of(interrupted[type].count, size);
  u32 limit = scan->limit - run_exponents[scan->run_index] - 1;
  u32 told = take_golomb(reader, exponent, limit, scan->precision);
  u32 map = (told + type) & 1;
  i32 error = (i32)((told + type + map) / 2);
  u32 is_negative = (exponent != 0 || 2 * interrupted[type].negative >= interrupted[type].count) == map;
  if (is_negative) error = -error;
  if (error < 0) interrupted[type].negative++;
  interrupted[type].size += (i32)((told + 1 - type) >> 1);
  if (interrupted[type].count == RESET) {
    interrupted[type].size >>= 1;
    interrupted[type].count >>= 1;
    interrupted[type].negative >>= 1;
  }
  interrupted[type].count++;
  i32 sign = !type && left > above ? -1 : 1;
  return ((type ? left : above) + sign * error) & scan->most;
}

/** A.7.1. @returns how many samples are like the one before; `is_ended`: another one follows in this line */
INLINE u32 run_length(struct reader *reader, struct scan *scan, u32 rest, u32 *is_ended) {
  u32 length = 0;
  *is_ended = 0;
  while (take(reader, 1)) {
    u32 step = 1u << run_exponents[scan->run_index];
    if (length + step > rest) return rest;
    length += step;
    if (scan->run_index < 31) scan->run_index++;
    if (length == rest) return rest;
  }
  length += take(reader, run_exponents[scan->run_index]);
  *is_ended = length < rest;
  return length < rest ? length : rest;
}

static void begin(u32 precision, signed char *levels, i32 most) {
  i32 size = ((1 << precision) + 32) >> 6;
  if (size < 2) size = 2;
  for (u32 index = 0; index < REGULAR_CONTEXTS; index++) contexts[index] = (struct context){size, 0, 0, 1};
  for (u32 type = 0; type < 2; type++) {
    interrupted[type].size = size;
    interrupted[type].count = 1;
    interrupted[type].negative = 0;
  }
  // C.2.4.1.1.1
  i32 factor = ((most < 4095 ? most : 4095) + 128) >> 8;
  i32 thresholds[3] = {factor + 2, factor * 4 + 3, factor * 17 + 4};
  for (i32 difference = -most; difference <= most; difference++) levels[difference] = (signed char)quantized(difference, thresholds);
}

/**
 * @param bytes of the scan. @param precision 8 to 16
 * @param room as many bytes as there are, and 16; @param levels room for twice as many bytes as there are values
 * @param lines room for two lines of two-byte samples, each with two more; @param to one or two bytes a sample
 * @returns 1, or 0 where there are not as many samples
 */
EXPORT("decodeLines")
u32 decode_lines(const u8 *bytes, u32 length, u8 *room, signed char *levels, u16 *lines, u32 rows, u32 columns, u32 precision,
                 void *to) {
  i32 most = (1 << precision) - 1;
  struct scan scan = {precision, 4 * (precision < 8 ? 8 : precision), most, levels + most, 0};
  begin(precision, levels + most, most);
  struct reader reader = {0, 0, room, room + spread(bytes, length, room)};
  u16 *before = lines + 1;
  u16 *line = before + columns + 2;
  for (u32 index = 0; index < 2 * (columns + 2); index++) lines[index] = 0;
  for (u32 row = 0; row < rows; row++) {
    before[columns] = before[columns - 1];
    line[-1] = before[0];
    i32 left = line[-1];
    for (u32 column = 0; column < columns;) {
      i32 above = before[column];
      i32 corner = before[(i32)column - 1];
      i32 next = before[column + 1];
      i32 index = scan.levels[next - above] * 81 + scan.levels[above - corner] * 9 + scan.levels[corner - left];
      if (index != 0) {
        left = regular_sample(&reader, &scan, index, left, above, corner);
        line[column++] = (u16)left;
        continue;
      }
      u32 is_ended;
      u32 run = run_length(&reader, &scan, columns - column, &is_ended);
      for (u32 end = column + run; column < end; column++) line[column] = (u16)left;
      if (!is_ended) continue;
      left = interrupting_sample(&reader, &scan, left, before[column]);
      line[column++] = (u16)left;
      if (scan.run_index > 0) scan.run_index--;
    }
    if ((reader.at - room) * 8 - reader.bits > (reader.end - room) * 8) return 0;
    if (precision > 8) {
      u16 *wide = (u16 *)to + row * columns;
      for (u32 column = 0; column < columns; column++) wide[column] = line[column];
    } else {
      u8 *narrow = (u8 *)to + row * columns;
      for (u32 column = 0; column < columns; column++) narrow[column] = (u8)line[column];
    }
    u16 *other = before;
    before = line;
    line = other;
  }
  return 1;
}
