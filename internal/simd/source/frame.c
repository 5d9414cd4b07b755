// The kernels of package frame: pictures made smaller, and measured.

#include "simd.h"

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

// thirds adds up three neighbours of 24 sums each.
static inline v128_t thirds(const uint16_t *p) {
    const v128_t a = wasm_v128_load(p), b = wasm_v128_load(p + 8), c = wasm_v128_load(p + 16);
    const v128_t x = wasm_i16x8_shuffle(wasm_i16x8_shuffle(a, b, 0, 3, 6, 9, 12, 15, 0, 0), c, 0, 1, 2, 3, 4, 5, 10, 13);
    const v128_t y = wasm_i16x8_shuffle(wasm_i16x8_shuffle(a, b, 1, 4, 7, 10, 13, 0, 0, 0), c, 0, 1, 2, 3, 4, 8, 11, 14);
    const v128_t z = wasm_i16x8_shuffle(wasm_i16x8_shuffle(a, b, 2, 5, 8, 11, 14, 0, 0, 0), c, 0, 1, 2, 3, 4, 9, 12, 15);
    return wasm_i16x8_add(wasm_i16x8_add(x, y), z);
}

// pairs adds up two neighbours of 16 sums each.
static inline v128_t pairs(const uint16_t *p) {
    const v128_t a = wasm_v128_load(p), b = wasm_v128_load(p + 8);
    return wasm_i16x8_add(wasm_i16x8_shuffle(a, b, 0, 2, 4, 6, 8, 10, 12, 14), wasm_i16x8_shuffle(a, b, 1, 3, 5, 7, 9, 11, 13, 15));
}

// box_rest is box_row from an index on, for any factor and step.
static inline void box_rest(uint8_t *dst, int i, int n, const uint16_t *sums, int factor, int step, int64_t half, int64_t inverse) {
    for (sums += (int64_t)i * factor * step; i < n; i++) {
        uint64_t sum = half;
        for (int j = 0; j < factor; j++, sums += step) sum += *sums;
        dst[i] = sum * (uint64_t)inverse >> 40;
    }
}

// The mean of up to 36 samples in 32 bits: sum < 255.5 * area and the inverse is less than one unit of 2^-24 too large, so
// that the product stays below 2^32 and is off by less than 255.5 * area^2 / 2^24, which is less than 1 / area.
EXPORT(box_row)
void box_row(uint8_t *dst, int n, const uint16_t *sums, int factor, int step, int64_t half, int64_t inverse) {
    int i = 0;
    if (step == 1 && (factor == 3 || factor == 4 || factor == 6)) {
        const v128_t h = wasm_i16x8_splat((int16_t)half);
        const v128_t k = wasm_i32x4_splat((int32_t)((inverse + 65535) >> 16));
        for (; i + 8 <= n; i += 8) {
            const uint16_t *p = sums + i * factor;
            v128_t s;
            if (factor == 3) {
                s = thirds(p);
            } else {
                // Sums of pairs are made in place of the sums, which are not needed any more.
                uint16_t *q = (uint16_t *)p;
                for (int j = 0; j < factor / 2; j++) wasm_v128_store(q + 8 * j, pairs(p + 16 * j));
                s = factor == 4 ? pairs(p) : thirds(p);
            }
            s = wasm_i16x8_add(s, h);
            const v128_t low = wasm_u32x4_shr(wasm_i32x4_mul(wasm_u32x4_extend_low_u16x8(s), k), 24);
            const v128_t high = wasm_u32x4_shr(wasm_i32x4_mul(wasm_u32x4_extend_high_u16x8(s), k), 24);
            const v128_t words = wasm_u16x8_narrow_i32x4(low, high);
            wasm_v128_store64_lane(dst + i, wasm_u8x16_narrow_i16x8(words, words), 0);
        }
    }
    box_rest(dst, i, n, sums, factor, step, half, inverse);
}

// widen is frame.widenGo: from video's range to the full one. Of luma v - 16 grows by 36 of 219, of chroma the distance from
// 128 by 31 of 224, rounded; the quotients are those of whole numbers below 2^15 by a product in 32 bits.

static inline v128_t grown(v128_t x, int by, int of, int inverse) {
    const v128_t n = wasm_i16x8_add(wasm_i16x8_mul(x, wasm_i16x8_splat(2 * by)), wasm_i16x8_splat(of));
    const v128_t k = wasm_i32x4_splat(inverse);
    const v128_t low = wasm_u32x4_shr(wasm_i32x4_mul(wasm_u32x4_extend_low_u16x8(n), k), 24);
    const v128_t high = wasm_u32x4_shr(wasm_i32x4_mul(wasm_u32x4_extend_high_u16x8(n), k), 24);
    return wasm_i16x8_add(x, wasm_i16x8_narrow_i32x4(low, high));
}

static inline v128_t wide_luma(v128_t v) {
    const v128_t zero = wasm_i16x8_const_splat(0), sixteen = wasm_i16x8_const_splat(16);
    return grown(wasm_i16x8_max(wasm_i16x8_sub(v, sixteen), zero), 36, 219, 38305);
}

static inline v128_t wide_chroma(v128_t v) {
    const v128_t middle = wasm_i16x8_const_splat(128), d = wasm_i16x8_sub(v, middle), sign = wasm_i16x8_shr(d, 15);
    const v128_t g = grown(wasm_i16x8_abs(d), 31, 224, 37450);
    return wasm_i16x8_add(wasm_i16x8_sub(wasm_v128_xor(g, sign), sign), middle);
}

EXPORT(widen)
int widen(uint8_t *samples, int n, int chroma) {
    int i = 0;
    for (; i + 16 <= n; i += 16) {
        v128_t v = wasm_v128_load(samples + i);
        v128_t low = wasm_u16x8_extend_low_u8x16(v), high = wasm_u16x8_extend_high_u8x16(v);
        low = chroma ? wide_chroma(low) : wide_luma(low);
        high = chroma ? wide_chroma(high) : wide_luma(high);
        wasm_v128_store(samples + i, wasm_u8x16_narrow_i16x8(low, high));
    }
    return i;
}

// scan_edges is frame.edges.scanGo: how high the edges of a line are and how steep, and how far it bends.

struct edges {
    int32_t count[256], steps[256], bends[256], total;
};

EXPORT(scan_edges)
void scan_edges(struct edges *e, const uint8_t *line, int n, int step, int reach, int least) {
    const int far = reach * step;
    for (int i = 0; i + far < n; i += step) {
        const uint8_t *p = line + i;
        const int first = p[0], last = p[far];
        int bend = first - 2 * p[step] + p[2 * step];
        bend = bend < 0 ? -bend : bend;
        e->bends[bend < 255 ? bend : 255]++;
        e->total++;
        const int sign = last < first ? -1 : 1, height = (last - first) * sign;
        if (height < least) continue;
        int steepest = 0;
        for (int j = 0; j < far; j += step) {
            const int s = (p[j + step] - p[j]) * sign;
            if (s > steepest) steepest = s;
        }
        e->count[height]++;
        e->steps[height] += steepest < height ? steepest : height;
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

// cover_rows is frame.coverRowsGo: weighted sums of columns of bytes over rows, of which the first counts begin, the last of
// several finish, and those between count whole.

static inline v128_t four_floats(v128_t bytes, int quarter) {
    v128_t wide = quarter < 2 ? wasm_u16x8_extend_low_u8x16(bytes) : wasm_u16x8_extend_high_u8x16(bytes);
    return wasm_f32x4_convert_i32x4(quarter % 2 ? wasm_u32x4_extend_high_u16x8(wide) : wasm_u32x4_extend_low_u16x8(wide));
}

EXPORT(cover_rows)
void cover_rows(float *sums, int n, const uint8_t *src, int stride, int rows, float begin, float finish) {
    const v128_t first = wasm_f32x4_splat(begin), last = wasm_f32x4_splat(finish);
    int i = 0;
    for (; i + 16 <= n; i += 16) {
        const uint8_t *p = src + i;
        v128_t v = wasm_v128_load(p), s[4];
        for (int k = 0; k < 4; k++) s[k] = wasm_f32x4_mul(first, four_floats(v, k));
        for (int j = 1; j < rows; j++) {
            p += stride;
            v = wasm_v128_load(p);
            if (j == rows - 1)
                for (int k = 0; k < 4; k++) s[k] = wasm_f32x4_add(s[k], wasm_f32x4_mul(last, four_floats(v, k)));
            else
                for (int k = 0; k < 4; k++) s[k] = wasm_f32x4_add(s[k], four_floats(v, k));
        }
        for (int k = 0; k < 4; k++) wasm_v128_store(sums + i + 4 * k, s[k]);
    }
    for (; i < n; i++) {
        float s = begin * src[i];
        for (int j = 1; j < rows; j++) s += j == rows - 1 ? finish * src[j * stride + i] : src[j * stride + i];
        sums[i] = s;
    }
}

// cover_means is frame.coverMeansGo: the weighted means of the sums that each column covers.

struct cover {
    int32_t first, last;
    float begin, finish, inverse;
};

EXPORT(cover_means)
void cover_means(float *dst, int n, const float *sums, const struct cover *c, float inverse) {
    for (int x = 0; x < n; x++, c++) {
        float s = c->begin * sums[c->first];
        for (int i = c->first + 1; i < c->last; i++) s += sums[i];
        if (c->last > c->first) s += c->finish * sums[c->last];
        dst[x] = s * c->inverse * inverse;
    }
}

// blend_row is frame.blendRowGo: the bilinear values of two rows.

struct blend {
    int32_t before, after;
    float share;
};

EXPORT(blend_row)
void blend_row(float *dst, int n, const uint8_t *upper, const uint8_t *lower, const struct blend *c, float share) {
    for (int x = 0; x < n; x++, c++) {
        float a = upper[c->before], b = lower[c->before];
        float t = a + c->share * (upper[c->after] - a);
        float u = b + c->share * (lower[c->after] - b);
        dst[x] = t + share * (u - t);
    }
}
