// The hot loops of packages neural, frame and recognize in WebAssembly SIMD. Each has a twin in plain Go, which says what it
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

// sweep is neural.sweepGo: for n pixels and four output channels, the sum over taps of two products each, finished: in its unit,
// with the bias, and not below the least value. pmax(a, b) is "b if a < b, else a".

#define CONV_BLOCK(VECTORS)                                                                    \
    do {                                                                                       \
        v128_t s[LANES][VECTORS];                                                              \
        for (int j = 0; j < LANES; j++)                                                        \
            for (int v = 0; v < VECTORS; v++) s[j][v] = wasm_i32x4_const_splat(0);             \
        const int32_t *w = weights;                                                            \
        for (int k = 0; k < taps; k++, w += LANES) {                                           \
            const int32_t *r = in + offsets[k] + i;                                            \
            v128_t x[VECTORS];                                                                 \
            for (int v = 0; v < VECTORS; v++) x[v] = wasm_v128_load(r + 4 * v);                \
            for (int j = 0; j < LANES; j++) {                                                  \
                v128_t a = wasm_v128_load32_splat(w + j);                                      \
                for (int v = 0; v < VECTORS; v++)                                              \
                    s[j][v] = wasm_i32x4_add(s[j][v], wasm_i32x4_dot_i16x8(a, x[v]));          \
            }                                                                                  \
        }                                                                                      \
        const v128_t least = wasm_v128_load32_splat(finish + 2 * LANES);                       \
        for (int j = 0; j < LANES; j++) {                                                      \
            const v128_t scale = wasm_v128_load32_splat(finish + j);                           \
            const v128_t bias = wasm_v128_load32_splat(finish + LANES + j);                    \
            for (int v = 0; v < VECTORS; v++) {                                                \
                const v128_t t = wasm_f32x4_mul(wasm_f32x4_convert_i32x4(s[j][v]), scale);     \
                wasm_v128_store(sums + RUN * j + i + 4 * v,                                    \
                                wasm_f32x4_pmax(least, wasm_f32x4_add(t, bias)));              \
            }                                                                                  \
        }                                                                                      \
    } while (0)

static void sweep(float *sums, int n, const int32_t *in, const int32_t *offsets, int taps, const int32_t *weights,
                  const float *finish) {
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

// conv is neural.convolveGo: rows of width pixels of all channels, a group after the other by way of sums.

EXPORT(conv)
void conv(float *dst, int plane, int channels, const int32_t *in, int stride, int rows, int width, const int32_t *offsets, int taps,
          const int32_t *weights, const float *finishes, float *sums) {
    const int n = (rows - 1) * stride + width;
    for (; channels > 0; channels -= LANES, weights += LANES * taps, finishes += 2 * LANES + 1) {
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

// mark is recognize.markGo: whether each value exceeds a level.

EXPORT(mark)
void mark(uint8_t *marks, const float *v, int n, float level) {
    const v128_t least = wasm_f32x4_splat(level), one = wasm_i8x16_const_splat(1);
    int i = 0;
    for (; i + 16 <= n; i += 16) {
        v128_t m[4];
        for (int k = 0; k < 4; k++) m[k] = wasm_f32x4_gt(wasm_v128_load(v + i + 4 * k), least);
        const v128_t bytes = wasm_i8x16_narrow_i16x8(wasm_i16x8_narrow_i32x4(m[0], m[1]), wasm_i16x8_narrow_i32x4(m[2], m[3]));
        wasm_v128_store(marks + i, wasm_v128_and(bytes, one));
    }
    for (; i < n; i++) marks[i] = v[i] > level;
}

// flood is recognize.floodGo: the next marked cell from a cell on and those that are connected with it, whose marks it takes.

EXPORT(flood)
int flood(int32_t *cells, uint8_t *marks, int w, int n, int from) {
    while (from + 16 <= n && !wasm_v128_any_true(wasm_v128_load(marks + from))) from += 16;
    while (from < n && !marks[from]) from++;
    if (from >= n) return 0;
    int count = 1;
    cells[0] = from;
    marks[from] = 0;
    for (int k = 0; k < count; k++) {
        const int c = cells[k], x = (uint32_t)c % (uint32_t)w;
#define VISIT(condition, to)                                                                   \
    if ((condition) && marks[to]) {                                                            \
        marks[to] = 0;                                                                         \
        cells[count++] = to;                                                                   \
    }
        VISIT(x > 0, c - 1)
        VISIT(x + 1 < w, c + 1)
        VISIT(c >= w, c - w)
        VISIT(c + w < n, c + w)
    }
    return count;
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

// follow is recognize.followGo: the best way to each position from one before, and which that is.

EXPORT(follow)
void follow(double *best, int16_t *from, const double *carried, const double *costs, int count, int start, int least, int first,
           int last) {
    for (int x = first; x < last; x++) {
        const int room = x - least - start + 1, n = room < count ? room : count;
        double most = -__builtin_inf();
        int at = 0;
        for (int i = 0; i < n; i++) {
            const double v = carried[x - least - i] - costs[i];
            if (v > most) most = v, at = x - least - i;
        }
        best[x] = most, from[x] = at;
    }
}

// warp_row is recognize.warpRowGo: bilinear samples of a plane along a ray, whose place and step at holds. A vector is a place's
// x and y. A whole number is the lowest bits of its sum with 2^52.

EXPORT(warp_row)
void warp_row(float *dst, float *inside, int n, const uint8_t *pix, int stride, int width, int height, const double *at) {
    const v128_t zero = wasm_f64x2_const_splat(0), half = wasm_f64x2_const_splat(0.5), whole = wasm_f64x2_const_splat(0x1p52);
    const v128_t size = wasm_f64x2_make(width, height), last = wasm_f64x2_make(width - 1, height - 1);
    const v128_t step = wasm_v128_load(at + 3);
    v128_t place = wasm_v128_load(at);
    double nw = at[2];
    for (int k = 0; k < n; k++) {
        const v128_t p = wasm_f64x2_mul(place, wasm_f64x2_splat(1 / nw));
        if (inside) inside[k] = wasm_i64x2_all_true(wasm_v128_and(wasm_f64x2_ge(p, zero), wasm_f64x2_lt(p, size)));
        const v128_t xy = wasm_f64x2_pmin(wasm_f64x2_pmax(zero, wasm_f64x2_sub(p, half)), last);
        const v128_t corner = wasm_f64x2_floor(xy), bits = wasm_f64x2_add(corner, whole);
        const v128_t share = wasm_f32x4_demote_f64x2_zero(wasm_f64x2_sub(xy, corner));
        const float fx = wasm_f32x4_extract_lane(share, 0), fy = wasm_f32x4_extract_lane(share, 1);
        const int i = wasm_i32x4_extract_lane(bits, 0), j = wasm_i32x4_extract_lane(bits, 2), right = i + 1 < width;
        const uint8_t *a = pix + j * stride + i, *b = j + 1 < height ? a + stride : a;
        const float t = (float)a[0] + fx * ((float)a[right] - (float)a[0]);
        const float w = (float)b[0] + fx * ((float)b[right] - (float)b[0]);
        dst[k] = t + fy * (w - t);
        place = wasm_f64x2_add(place, step);
        nw += at[5];
    }
}
