// Lines of PNG, filtered (ISO/IEC 15948 9.2): each with the filter that makes its bytes least in sum, taken as numbers with sign (12.7), the
// first of those alike. That is the choice of libpng.
#include <wasm_simd128.h>

#include "kernel.h"

#define NONE 0
#define SUB 1
#define UP 2
#define AVERAGE 3
#define PAETH 4
#define FILTERS 5

/** Before a line are so many zeros, behind it is as much room. */
#define MARGIN 16

static const u8 edge[32] = {255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255};

INLINE v128_t distance_of(v128_t one, v128_t other) {
  return wasm_v128_or(wasm_u8x16_sub_sat(one, other), wasm_u8x16_sub_sat(other, one));
}

INLINE v128_t average(v128_t left, v128_t above) {
  v128_t odd = wasm_v128_and(wasm_v128_xor(left, above), wasm_i8x16_const_splat(1));
  return wasm_i8x16_sub(wasm_u8x16_avgr(left, above), odd);
}

/** 9.4. Where both differences have the same sign, their sum is not the least. */
INLINE v128_t paeth(v128_t left, v128_t above, v128_t corner) {
  v128_t of_left = distance_of(above, corner);
  v128_t of_above = distance_of(left, corner);
  v128_t is_opposite = wasm_v128_xor(wasm_u8x16_lt(above, corner), wasm_u8x16_lt(left, corner));
  v128_t of_corner = wasm_v128_bitselect(distance_of(of_left, of_above), wasm_i8x16_const_splat(-1), is_opposite);
  v128_t is_above = wasm_u8x16_le(of_above, of_corner);
  v128_t is_left = wasm_v128_and(wasm_u8x16_le(of_left, of_above), wasm_u8x16_le(of_left, of_corner));
  return wasm_v128_bitselect(left, wasm_v128_bitselect(above, corner, is_above), is_left);
}

INLINE v128_t predicted(u32 filter, const u8 *line, const u8 *before, u32 step) {
  if (filter == NONE) return wasm_i8x16_const_splat(0);
  if (filter == SUB) return wasm_v128_load(line - step);
  if (filter == UP) return wasm_v128_load(before);
  if (filter == AVERAGE) return average(wasm_v128_load(line - step), wasm_v128_load(before));
  return paeth(wasm_v128_load(line - step), wasm_v128_load(before), wasm_v128_load(before - step));
}

/** Of sixteen bytes at most. */
INLINE void add_sizes(v128_t *sums, const u8 *line, const u8 *before, u32 step, v128_t mask) {
  for (u32 filter = 0; filter < FILTERS; filter++) {
    v128_t value = wasm_i8x16_sub(wasm_v128_load(line), predicted(filter, line, before, step));
    v128_t size = wasm_i8x16_abs(wasm_v128_and(value, mask));
    sums[filter] = wasm_i32x4_add(sums[filter], wasm_u32x4_extadd_pairwise_u16x8(wasm_u16x8_extadd_pairwise_u8x16(size)));
  }
}

static u32 best_filter(const u8 *line, const u8 *before, u32 length, u32 step, u32 filters) {
  v128_t sums[FILTERS] = {0};
  u32 at = 0;
  for (; at + 16 <= length; at += 16) add_sizes(sums, line + at, before + at, step, wasm_i8x16_const_splat(-1));
  add_sizes(sums, line + at, before + at, step, wasm_v128_load(edge + 16 - length % 16));
  u32 best = NONE;
  u32 least = 0xffffffff;
  for (u32 filter = 0; filter < FILTERS; filter++) {
    if (!(filters >> filter & 1)) continue;
    u32 sum = (u32)wasm_i32x4_extract_lane(sums[filter], 0) + (u32)wasm_i32x4_extract_lane(sums[filter], 1) +
              (u32)wasm_i32x4_extract_lane(sums[filter], 2) + (u32)wasm_i32x4_extract_lane(sums[filter], 3);
    if (sum >= least) continue;
    least = sum;
    best = filter;
  }
  return best;
}

INLINE void apply(u32 filter, const u8 *line, const u8 *before, u32 length, u32 step, u8 *to) {
  for (u32 at = 0; at < length; at += 16) {
    wasm_v128_store(to + at, wasm_i8x16_sub(wasm_v128_load(line + at), predicted(filter, line + at, before + at, step)));
  }
}

/**
 * @param step bytes of a pixel, 6 at most. @param filters those that may be used, a bit each
 * @param room for two lines, each with a margin of 16 bytes on both sides: zeros at first, then the line before
 * @param to room for the lines, a byte more each, and 16
 */
EXPORT("filterLines")
void filter_lines(const u8 *from, u32 lines, u32 length, u32 step, u32 filters, u8 *room, u8 *to) {
  u8 *before = room + MARGIN;
  u8 *line = before + length + 2 * MARGIN;
  for (u32 index = 0; index < lines; index++, from += length, to += length + 1) {
    __builtin_memcpy(line, from, length);
    u32 filter = best_filter(line, before, length, step, filters);
    *to = (u8)filter;
    if (filter == NONE) __builtin_memcpy(to + 1, line, length);
    else if (filter == SUB) apply(SUB, line, before, length, step, to + 1);
    else if (filter == UP) apply(UP, line, before, length, step, to + 1);
    else if (filter == AVERAGE) apply(AVERAGE, line, before, length, step, to + 1);
    else apply(PAETH, line, before, length, step, to + 1);
    u8 *other = before;
    before = line;
    line = other;
  }
  if (lines % 2 != 0) __builtin_memcpy(room + MARGIN, before, length);
}
