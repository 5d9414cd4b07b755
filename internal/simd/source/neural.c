// The kernels of package neural: convolutions, and what lies between them.

#include "simd.h"

enum { LANES = 4, RUN = 512 };

// A loop over an array that is to stay in registers.
#define EACH(i, n) _Pragma("clang loop unroll(full)") for (int i = 0; i < n; i++)

// sweep is neural.sweepGo: for n pixels and four output channels, the sum over taps of two products each, finished: in its unit,
// with the bias, and not below the least value. pmax(a, b) is "b if a < b, else a".

// SUM_TAPS makes the sums of four channels and so many vectors of pixels, and leaves w at what follows their weights.
#define SUM_TAPS(VECTORS, from)                                                                \
    do {                                                                                       \
        EACH(j, LANES)                                                                         \
            EACH(v, VECTORS) s[j][v] = wasm_i32x4_const_splat(0);                              \
        for (int k = 0; k < taps; k++, w += LANES) {                                           \
            const int32_t *r = (from) + offsets[k];                                            \
            v128_t x[VECTORS];                                                                 \
            EACH(v, VECTORS) x[v] = wasm_v128_load(r + 4 * v);                                 \
            EACH(j, LANES) {                                                                   \
                v128_t a = wasm_v128_load32_splat(w + j);                                      \
                EACH(v, VECTORS)                                                               \
                    s[j][v] = wasm_i32x4_add(s[j][v], wasm_i32x4_dot_i16x8(a, x[v]));          \
            }                                                                                  \
        }                                                                                      \
    } while (0)

// finished is what four sums of a group's channel j stand for.
static inline v128_t finished(v128_t sum, const float *finish, int j) {
    const v128_t scaled = wasm_f32x4_mul(wasm_f32x4_convert_i32x4(sum), wasm_v128_load32_splat(finish + j));
    return wasm_f32x4_pmax(wasm_v128_load32_splat(finish + 2 * LANES),
                           wasm_f32x4_add(scaled, wasm_v128_load32_splat(finish + LANES + j)));
}

#define CONV_BLOCK(VECTORS)                                                                    \
    do {                                                                                       \
        v128_t s[LANES][VECTORS];                                                              \
        const int32_t *w = weights;                                                            \
        SUM_TAPS(VECTORS, in + i);                                                             \
        EACH(j, LANES)                                                                         \
            EACH(v, VECTORS)                                                                   \
                wasm_v128_store(sums + RUN * j + i + 4 * v, finished(s[j][v], finish, j));     \
    } while (0)

static void sweep(float *sums, int n, const int32_t *in, const int32_t *offsets, int taps, const int32_t *weights,
                  const float *finish) {
    int i = 0;
    for (; i + 8 <= n; i += 8) CONV_BLOCK(2);
    for (; n >= 4 && i < n; i += 4) {
        if (i > n - 4) i = n - 4; // computes up to three pixels a second time, to the same values
        CONV_BLOCK(1);
    }
    for (; i < n; i++)
        for (int j = 0; j < LANES; j++) {
            int32_t s = 0;
            for (int k = 0; k < taps; k++) {
                const int32_t w = weights[LANES * k + j], x = in[offsets[k] + i];
                s += (int16_t)w * (int16_t)x + (w >> 16) * (x >> 16);
            }
            float v = (float)s * finish[j];
            v += finish[LANES + j];
            sums[RUN * j + i] = v > finish[2 * LANES] ? v : finish[2 * LANES];
        }
}

// sweep_tiles is neural.sweepTilesGo, for n of eight or more: eight tiles at a time, the last eight overlapping those before.

static void sweep_tiles(float *sums, int n, const int32_t *in, int part, const int32_t *offsets, int taps, const int32_t *weights,
                        const float *finish) {
    for (int i = 0; i < n; i += 8) {
        if (i > n - 8) i = n - 8;
        const int32_t *w = weights, *p = in + i;
        v128_t s[LANES][2], even[LANES][2], odd[LANES][2];
        SUM_TAPS(2, p);
        EACH(j, LANES) EACH(v, 2) even[j][v] = s[j][v];
        SUM_TAPS(2, p + part);
        EACH(j, LANES) EACH(v, 2) even[j][v] = wasm_i32x4_add(even[j][v], s[j][v]), odd[j][v] = s[j][v];
        SUM_TAPS(2, p + 2 * part);
        EACH(j, LANES) EACH(v, 2) {
            even[j][v] = wasm_i32x4_add(even[j][v], s[j][v]);
            odd[j][v] = wasm_i32x4_sub(odd[j][v], s[j][v]);
        }
        SUM_TAPS(2, p + 3 * part);
        EACH(j, LANES) EACH(v, 2) {
            const v128_t a = finished(wasm_i32x4_shr(even[j][v], 1), finish, j);
            const v128_t b = finished(wasm_i32x4_shr(wasm_i32x4_sub(odd[j][v], s[j][v]), 1), finish, j);
            float *to = sums + RUN * j + 2 * i + 8 * v;
            wasm_v128_store(to, wasm_i32x4_shuffle(a, b, 0, 4, 1, 5));
            wasm_v128_store(to + 4, wasm_i32x4_shuffle(a, b, 2, 6, 3, 7));
        }
    }
}

// conv is neural.convolveGo: rows of width pixels of all channels, a group after the other by way of sums. Where part is not 0,
// the input is one of tiles.

EXPORT(conv)
void conv(float *dst, int plane, int channels, const int32_t *in, int part, int stride, int rows, int width, const int32_t *offsets,
          int taps, const int32_t *weights, const float *finishes, float *sums) {
    const int n = (rows - 1) * stride + width, each = LANES * taps * (part ? 4 : 1);
    for (; channels > 0; channels -= LANES, weights += each, finishes += 2 * LANES + 1) {
        if (part)
            sweep_tiles(sums, (n + 1) / 2, in, part, offsets, taps, weights, finishes);
        else
            sweep(sums, n, in, offsets, taps, weights, finishes);
        for (int j = 0; j < LANES && j < channels; j++, dst += plane)
            for (int y = 0; y < rows; y++) {
                float *to = dst + y * width;
                const float *from = sums + RUN * j + y * stride;
                int x = 0;
                for (; x + 4 <= width; x += 4) wasm_v128_store(to + x, wasm_v128_load(from + x));
                for (; x < width; x++) to[x] = from[x];
            }
    }
}

// peak is neural.peakGo: the largest magnitude.

EXPORT(peak)
float peak(const float *v, int n) {
    v128_t most = wasm_f32x4_const_splat(0), second = most, third = most, fourth = most; // that none waits for the last
    int i = 0;
    for (; i + 16 <= n; i += 16) {
        most = wasm_f32x4_pmax(most, wasm_f32x4_abs(wasm_v128_load(v + i)));
        second = wasm_f32x4_pmax(second, wasm_f32x4_abs(wasm_v128_load(v + i + 4)));
        third = wasm_f32x4_pmax(third, wasm_f32x4_abs(wasm_v128_load(v + i + 8)));
        fourth = wasm_f32x4_pmax(fourth, wasm_f32x4_abs(wasm_v128_load(v + i + 12)));
    }
    most = wasm_f32x4_pmax(wasm_f32x4_pmax(most, second), wasm_f32x4_pmax(third, fourth));
    for (; i < n; i++) most = wasm_f32x4_pmax(most, wasm_f32x4_abs(wasm_v128_load32_zero(v + i)));
    most = wasm_f32x4_pmax(most, wasm_i32x4_shuffle(most, most, 2, 3, 0, 1));
    most = wasm_f32x4_pmax(most, wasm_i32x4_shuffle(most, most, 1, 0, 3, 2));
    return wasm_f32x4_extract_lane(most, 0);
}

// round_pairs is neural.roundPairsGo: rows of pairs of two scaled samples, each rounded to the nearest whole number, of two the
// even one, by adding 1.5 * 2^23.

static inline v128_t rounded_pairs(v128_t first, v128_t second, v128_t scale, v128_t scale2) {
    const v128_t rounder = wasm_f32x4_const_splat(12582912);
    const v128_t low = wasm_f32x4_add(wasm_f32x4_mul(first, scale), rounder);
    const v128_t high = wasm_f32x4_add(wasm_f32x4_mul(second, scale2), rounder);
    return wasm_v128_or(wasm_v128_and(low, wasm_i32x4_const_splat(0xffff)), wasm_i32x4_shl(high, 16));
}

EXPORT(round_pairs)
void round_pairs(int32_t *dst, int stride, const float *first, const float *second, int rows, int width, float scale, float scale2) {
    const v128_t a = wasm_f32x4_splat(scale), b = wasm_f32x4_splat(scale2);
    for (; rows > 0; rows--, dst += stride, first += width, second += width) {
        int i = 0;
        for (; i + 4 <= width; i += 4)
            wasm_v128_store(dst + i, rounded_pairs(wasm_v128_load(first + i), wasm_v128_load(second + i), a, b));
        for (; i < width; i++) {
            const v128_t p = rounded_pairs(wasm_v128_load32_zero(first + i), wasm_v128_load32_zero(second + i), a, b);
            dst[i] = wasm_i32x4_extract_lane(p, 0);
        }
    }
}

// tile_rows is neural.tileRowsGo: rows of half tiles each, their parts so far apart, of rows of twice as many pairs and two.

static inline void tiles4(int32_t *dst, int part, const int32_t *d) {
    const v128_t a = wasm_v128_load(d), b = wasm_v128_load(d + 4), c = wasm_v128_load(d + 2), e = wasm_v128_load(d + 6);
    const v128_t d0 = wasm_i32x4_shuffle(a, b, 0, 2, 4, 6), d1 = wasm_i32x4_shuffle(a, b, 1, 3, 5, 7);
    const v128_t d2 = wasm_i32x4_shuffle(c, e, 0, 2, 4, 6), d3 = wasm_i32x4_shuffle(c, e, 1, 3, 5, 7);
    wasm_v128_store(dst, wasm_i16x8_sub(d0, d2));
    wasm_v128_store(dst + part, wasm_i16x8_add(d1, d2));
    wasm_v128_store(dst + 2 * part, wasm_i16x8_sub(d2, d1));
    wasm_v128_store(dst + 3 * part, wasm_i16x8_sub(d1, d3));
}

EXPORT(tile_rows)
void tile_rows(int32_t *dst, int part, const int32_t *src, int rows, int half) {
    for (; rows > 0; rows--, dst += half, src += 2 * half + 2) {
        int i = 0;
        for (; i + 4 <= half; i += 4) tiles4(dst + i, part, src + 2 * i);
        if (i < half) tiles4(dst + half - 4, part, src + 2 * half - 8);
    }
}

// split is neural.splitGo: takes a row apart into its even and its odd samples.

EXPORT(split)
void split(int32_t *even, int32_t *odd, const int32_t *row, int n) {
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
// first, which makes no difference to a maximum of numbers.

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

// double_rows is neural.doubleGo: each sample twice, and each row.

EXPORT(double_rows)
void double_rows(float *dst, const float *src, int rows, int width) {
    for (; rows > 0; rows--, src += width, dst += 4 * width) {
        float *below = dst + 2 * width;
        int i = 0;
        for (; i + 4 <= width; i += 4) {
            const v128_t v = wasm_v128_load(src + i);
            const v128_t low = wasm_i32x4_shuffle(v, v, 0, 0, 1, 1), high = wasm_i32x4_shuffle(v, v, 2, 2, 3, 3);
            wasm_v128_store(dst + 2 * i, low), wasm_v128_store(dst + 2 * i + 4, high);
            wasm_v128_store(below + 2 * i, low), wasm_v128_store(below + 2 * i + 4, high);
        }
        for (; i < width; i++) dst[2 * i] = dst[2 * i + 1] = below[2 * i] = below[2 * i + 1] = src[i];
    }
}

// standardise is neural.standardiseGo: (v - mean) * scale, and zero outside.

EXPORT(standardise)
void standardise(float *v, const float *inside, int n, float mean, float scale) {
    const v128_t m = wasm_f32x4_splat(mean), k = wasm_f32x4_splat(scale);
    int i = 0;
    for (; i + 4 <= n; i += 4) {
        v128_t x = wasm_f32x4_mul(wasm_f32x4_sub(wasm_v128_load(v + i), m), k);
        wasm_v128_store(v + i, wasm_f32x4_mul(x, wasm_v128_load(inside + i)));
    }
    for (; i < n; i++) v[i] = (v[i] - mean) * scale * inside[i];
}

// logistic is neural.logisticGo: 1/(1+e^-x), by the same steps as neural.Exp. 2^n is multiplied by in two halves, each of which
// is a float; only the second product can be rounded.

static inline v128_t power(v128_t n) { return wasm_i32x4_shl(wasm_i32x4_add(n, wasm_i32x4_const_splat(127)), 23); }

static inline v128_t exponential(v128_t x) {
    const v128_t least = wasm_f32x4_const_splat(-104), most = wasm_f32x4_const_splat(88.72283f);
    const v128_t scaled = wasm_f32x4_mul(x, wasm_f32x4_const_splat(1.4426950408889634f));
    const v128_t n = wasm_f32x4_floor(wasm_f32x4_add(scaled, wasm_f32x4_const_splat(0.5f)));
    v128_t r = wasm_f32x4_sub(x, wasm_f32x4_mul(n, wasm_f32x4_const_splat(0.693359375f)));
    r = wasm_f32x4_sub(r, wasm_f32x4_mul(n, wasm_f32x4_const_splat(-2.12194440e-4f)));
    v128_t p = wasm_f32x4_const_splat(1.f / 5040);
#define TERM(c) p = wasm_f32x4_add(wasm_f32x4_mul(p, r), wasm_f32x4_const_splat(c))
    TERM(1.f / 720), TERM(1.f / 120), TERM(1.f / 24), TERM(1.f / 6), TERM(0.5f), TERM(1), TERM(1);
    const v128_t whole = wasm_i32x4_trunc_sat_f32x4(n), half = wasm_i32x4_shr(whole, 1);
    p = wasm_f32x4_mul(wasm_f32x4_mul(p, power(half)), power(wasm_i32x4_sub(whole, half)));
    p = wasm_v128_bitselect(wasm_f32x4_const_splat(__builtin_inff()), p, wasm_f32x4_gt(x, most));
    p = wasm_v128_andnot(p, wasm_f32x4_lt(x, least));
    return wasm_v128_bitselect(p, x, wasm_f32x4_eq(x, x)); // no number stays none
}

static inline v128_t logistic4(v128_t x) {
    const v128_t one = wasm_f32x4_const_splat(1);
    return wasm_f32x4_div(one, wasm_f32x4_add(one, exponential(wasm_f32x4_neg(x))));
}

EXPORT(logistic)
void logistic(float *dst, const float *src, int n) {
    int i = 0;
    for (; i + 4 <= n; i += 4) wasm_v128_store(dst + i, logistic4(wasm_v128_load(src + i)));
    for (; i < n; i++) wasm_v128_store32_lane(dst + i, logistic4(wasm_v128_load32_zero(src + i)), 0);
}
