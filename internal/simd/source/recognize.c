// The kernels of package recognize: patches, the decoder's paths, and views of a picture.

#include "simd.h"

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
