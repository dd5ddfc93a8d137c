// What the kernels share. They are compiled without a C library; memory is laid out by their caller (src/native/kernels.ts), who gives
// addresses that are in it: nothing is allocated here.
#pragma once

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef short i16;
typedef int i32;

#define EXPORT(name) __attribute__((export_name(name)))
#define INLINE static inline __attribute__((always_inline))

/** Leading zeros of a value other than 0. */
INLINE u32 leading_zeros(u32 value) { return (u32)__builtin_clz(value); }

/** Four bytes, the most significant first, at any address. */
INLINE u32 load_big_endian(const u8 *at) {
  u32 value;
  __builtin_memcpy(&value, at, 4);
  return __builtin_bswap32(value);
}

INLINE void store_big_endian(u8 *at, u32 value) {
  value = __builtin_bswap32(value);
  __builtin_memcpy(at, &value, 4);
}
