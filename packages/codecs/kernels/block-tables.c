// The tables of block.h.
#include "block.h"

u32 words[STATES * 2];
u32 contexts[CONTEXTS];
u32 knowledge[MOST_WORDS];
i32 stripes[LARGEST_AREA + STRIPE * LARGEST_SIDE];
u8 zero_contexts[4][512];
u8 sign_contexts[256];

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

static void fill_words(void) {
  for (u32 state = 0; state < STATES; state++) {
    for (u32 symbol = 0; symbol < 2; symbol++) {
      u32 more = WORD_OF(states[state].after_more, symbol);
      u32 less = WORD_OF(states[state].after_less, symbol ^ states[state].exchanges);
      words[WORD_OF(state, symbol)] = states[state].estimate | symbol << 16 | more << 17 | less << 24;
    }
  }
}

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


void begin_block(u32 width, u32 height) {
  u32 used = (stripes_of(height) + 2) * (width + 2);
  for (u32 index = 0; index < used; index++) knowledge[index] = 0;
  for (u32 context = 0; context < CONTEXTS; context++) contexts[context] = words[WORD_OF(0, 0)];
  contexts[0] = words[WORD_OF(4, 0)];
  contexts[RUN] = words[WORD_OF(3, 0)];
  contexts[UNIFORM] = words[WORD_OF(46, 0)];
}
