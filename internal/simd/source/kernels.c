// The hot loops of packages neural and frame in WebAssembly SIMD. Each has a twin in plain Go, which says what it
// computes and must agree with it bit for bit: lanes lie along x, so that every pixel sees the same operations in the
// same order as in the twin.
//
// The module imports Go's own memory. It may therefore hold no data segment and use no stack in memory: whatever it
// wrote there would overwrite Go's. Local arrays below are small and indexed by constants only, so that the compiler
// keeps them in registers; ../module_test.go looks at the result.

#include <stdint.h>
#include <wasm_simd128.h>

#define EXPORT(name) __attribute__((export_name(#name)))

enum { LANES = 4, RUN = 512 };

// conv is neural.sweepGo: for n pixels and four output channels, the bias plus the sum over taps.

#define CONV_BLOCK(VECTORS)                                                                    \
    do {                                                                                       \
        v128_t s[LANES][VECTORS];                                                              \
        for (int j = 0; j < LANES; j++)                                                        \
            for (int v = 0; v < VECTORS; v++) s[j][v] = wasm_v128_load32_splat(bias + j);      \
        const float *w = weights;                                                              \
        for (int k = 0; k < taps; k++, w += LANES) {                                           \
            const float *r = in + offsets[k] + i;                                              \
            v128_t x[VECTORS];                                                                 \
            for (int v = 0; v < VECTORS; v++) x[v] = wasm_v128_load(r + 4 * v);                \
            for (int j = 0; j < LANES; j++) {                                                  \
                v128_t a = wasm_v128_load32_splat(w + j);                                      \
                for (int v = 0; v < VECTORS; v++)                                              \
                    s[j][v] = wasm_f32x4_add(s[j][v], wasm_f32x4_mul(a, x[v]));                \
            }                                                                                  \
        }                                                                                      \
        for (int j = 0; j < LANES; j++)                                                        \
            for (int v = 0; v < VECTORS; v++) wasm_v128_store(sums + RUN * j + i + 4 * v, s[j][v]); \
    } while (0)

EXPORT(conv)
void conv(float *sums, int n, const float *in, const int32_t *offsets, int taps, const float *weights,
          const float *bias) {
    int i = 0;
    for (; i + 8 <= n; i += 8) CONV_BLOCK(2);
    for (; i + 4 <= n; i += 4) CONV_BLOCK(1);
    if (i < n && n >= 4) {
        i = n - 4; // computes up to three pixels a second time, to the same values
        CONV_BLOCK(1);
        return;
    }
    for (; i < n; i++)
        for (int j = 0; j < LANES; j++) {
            float s = bias[j];
            for (int k = 0; k < taps; k++) s += weights[LANES * k + j] * in[offsets[k] + i];
            sums[RUN * j + i] = s;
        }
}

// store is neural.storeGo: copies rows of finished sums to where they belong in the output, with the rectifier.
// dst and sums advance by plane and RUN floats a channel, by width and stride floats a row.

static inline void store_row(float *dst, const float *sums, int width, v128_t keep) {
    const v128_t zero = wasm_f32x4_const_splat(0);
    int x = 0;
    for (; x + 4 <= width; x += 4) {
        v128_t v = wasm_v128_load(sums + x);
        wasm_v128_store(dst + x, wasm_v128_and(v, wasm_v128_or(keep, wasm_f32x4_gt(v, zero))));
    }
    for (; x < width; x++) {
        v128_t v = wasm_v128_load32_zero(sums + x);
        v = wasm_v128_and(v, wasm_v128_or(keep, wasm_f32x4_gt(v, zero)));
        wasm_v128_store32_lane(dst + x, v, 0);
    }
}

EXPORT(store)
void store(float *dst, int plane, const float *sums, int stride, int channels, int rows, int width, int relu) {
    const v128_t keep = wasm_i32x4_splat(relu ? 0 : -1);
    for (int c = 0; c < channels; c++)
        for (int y = 0; y < rows; y++)
            store_row(dst + c * plane + y * width, sums + c * RUN + y * stride, width, keep);
}

// split is neural.splitGo: takes a row apart into its even and its odd samples.

EXPORT(split)
void split(float *even, float *odd, const float *row, int n) {
    int i = 0;
    for (; 2 * i + 8 <= n; i += 4) {
        v128_t a = wasm_v128_load(row + 2 * i), b = wasm_v128_load(row + 2 * i + 4);
        wasm_v128_store(even + i, wasm_i32x4_shuffle(a, b, 0, 2, 4, 6));
        wasm_v128_store(odd + i, wasm_i32x4_shuffle(a, b, 1, 3, 5, 7));
    }
    for (; 2 * i < n; i++) {
        even[i] = row[2 * i];
        if (2 * i + 1 < n) odd[i] = row[2 * i + 1];
    }
}

// maximum is neural.maximumGo for windows of one or two columns: the largest sample of each window. Here the rows come
// first, which makes no difference to a maximum of numbers. pmax(a, b) is "b if a < b, else a".

EXPORT(maximum)
void maximum(float *dst, int n, const float *src, int stride, int height, int width) {
    int i = 0;
    for (; i + 4 <= n; i += 4) {
        const float *p = src + i * width;
        v128_t a = wasm_v128_load(p), b = a;
        if (width == 2) b = wasm_v128_load(p + 4);
        for (int y = 1; y < height; y++) {
            p += stride;
            a = wasm_f32x4_pmax(a, wasm_v128_load(p));
            if (width == 2) b = wasm_f32x4_pmax(b, wasm_v128_load(p + 4));
        }
        if (width == 2)
            a = wasm_f32x4_pmax(wasm_i32x4_shuffle(a, b, 0, 2, 4, 6), wasm_i32x4_shuffle(a, b, 1, 3, 5, 7));
        wasm_v128_store(dst + i, a);
    }
    for (; i < n; i++) {
        float best = src[i * width];
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++) {
                float v = src[y * stride + i * width + x];
                if (v > best) best = v;
            }
        dst[i] = best;
    }
}

// double_row is neural.doubleGo: each sample twice.

EXPORT(double_row)
void double_row(float *dst, const float *src, int n) {
    int i = 0;
    for (; i + 4 <= n; i += 4) {
        v128_t v = wasm_v128_load(src + i);
        wasm_v128_store(dst + 2 * i, wasm_i32x4_shuffle(v, v, 0, 0, 1, 1));
        wasm_v128_store(dst + 2 * i + 4, wasm_i32x4_shuffle(v, v, 2, 2, 3, 3));
    }
    for (; i < n; i++) dst[2 * i] = dst[2 * i + 1] = src[i];
}

// add_rows is frame.addRowsGo: sums columns of bytes over rows.

EXPORT(add_rows)
void add_rows(uint16_t *sums, int n, const uint8_t *src, int stride, int rows) {
    int i = 0;
    for (; i + 16 <= n; i += 16) {
        const uint8_t *p = src + i;
        v128_t v = wasm_v128_load(p);
        v128_t low = wasm_u16x8_extend_low_u8x16(v), high = wasm_u16x8_extend_high_u8x16(v);
        for (int j = 1; j < rows; j++) {
            p += stride;
            v = wasm_v128_load(p);
            low = wasm_i16x8_add(low, wasm_u16x8_extend_low_u8x16(v));
            high = wasm_i16x8_add(high, wasm_u16x8_extend_high_u8x16(v));
        }
        wasm_v128_store(sums + i, low);
        wasm_v128_store(sums + i + 8, high);
    }
    for (; i < n; i++) {
        int sum = 0;
        for (int j = 0; j < rows; j++) sum += src[j * stride + i];
        sums[i] = sum;
    }
}

// box_row is frame.boxRowGo: the rounded means of boxes, factor sums wide.

EXPORT(box_row)
void box_row(uint8_t *dst, int n, const uint16_t *sums, int factor, int step, int64_t half, int64_t inverse) {
    for (int i = 0; i < n; i++) {
        uint64_t sum = half;
        for (int j = 0; j < factor; j++, sums += step) sum += *sums;
        dst[i] = sum * (uint64_t)inverse >> 40;
    }
}

// halve_row is frame.halveRowGo: the rounded means of two neighbours in each of two rows.

EXPORT(halve_row)
void halve_row(uint8_t *dst, const uint8_t *a, const uint8_t *b, int n) {
    const v128_t two = wasm_i16x8_const_splat(2);
    int i = 0;
    for (; i + 16 <= n; i += 16) {
        v128_t s[2];
        for (int k = 0; k < 2; k++) {
            s[k] = wasm_i16x8_add(wasm_u16x8_extadd_pairwise_u8x16(wasm_v128_load(a + 2 * i + 16 * k)),
                                  wasm_u16x8_extadd_pairwise_u8x16(wasm_v128_load(b + 2 * i + 16 * k)));
            s[k] = wasm_u16x8_shr(wasm_i16x8_add(s[k], two), 2);
        }
        wasm_v128_store(dst + i, wasm_u8x16_narrow_i16x8(s[0], s[1]));
    }
    for (; i < n; i++) dst[i] = (a[2 * i] + a[2 * i + 1] + b[2 * i] + b[2 * i + 1] + 2) >> 2;
}
