// The browser's side of package simd: gives the Go module its SIMD kernels, or tells it that there are none.
//
//   const simd = loadSIMD(fetch("simd.wasm"));         // a Response, its promise, or the bytes; loads at once
//   go.importObject.simd = simd.imports;
//   const { instance } = await WebAssembly.instantiateStreaming(fetch("main.wasm"), go.importObject);
//   const reason = await simd.attach(instance.exports.mem); // before go.run; never rejects
//   go.run(instance);
//
// The kernels work in Go's memory, which exists only once the Go module does, and that needs the functions first: so
// it is given small functions that find the kernels later. Where the browser lacks SIMD or the file cannot be had,
// attach resolves to the reason instead of null, ready() says 0, and Go computes everything itself. A thread that
// computes nothing gives no source and needs no attach: loadSIMD().imports.
"use strict";

globalThis.loadSIMD = (source) => {
  const compiled = Promise.resolve(source).then(async (s) => WebAssembly.compile(s.arrayBuffer ? await s.arrayBuffer() : s));
  compiled.catch(() => {}); // attach tells
  let kernels = null;
  return {
    imports: {
      ready: () => (kernels ? 1 : 0),
      conv: (a, b, c, d, e, f, g, h, i, j, k, l, m) => kernels.conv(a, b, c, d, e, f, g, h, i, j, k, l, m),
      tile_rows: (a, b, c, d, e) => kernels.tile_rows(a, b, c, d, e),
      peak: (a, b) => kernels.peak(a, b),
      round_pairs: (a, b, c, d, e, f, g, h) => kernels.round_pairs(a, b, c, d, e, f, g, h),
      split: (a, b, c, d) => kernels.split(a, b, c, d),
      maximum: (a, b, c, d, e, f) => kernels.maximum(a, b, c, d, e, f),
      double_rows: (a, b, c, d) => kernels.double_rows(a, b, c, d),
      add_rows: (a, b, c, d, e) => kernels.add_rows(a, b, c, d, e),
      box_row: (a, b, c, d, e, f, g) => kernels.box_row(a, b, c, d, e, f, g),
      halve_row: (a, b, c, d) => kernels.halve_row(a, b, c, d),
      widen: (a, b, c) => kernels.widen(a, b, c),
      scan_edges: (a, b, c, d, e, f) => kernels.scan_edges(a, b, c, d, e, f),
      mark: (a, b, c, d) => kernels.mark(a, b, c, d),
      flood: (a, b, c, d, e) => kernels.flood(a, b, c, d, e),
      cover_rows: (a, b, c, d, e, f, g) => kernels.cover_rows(a, b, c, d, e, f, g),
      cover_means: (a, b, c, d, e) => kernels.cover_means(a, b, c, d, e),
      blend_row: (a, b, c, d, e, f) => kernels.blend_row(a, b, c, d, e, f),
      logistic: (a, b, c) => kernels.logistic(a, b, c),
      follow: (a, b, c, d, e, f, g, h, i) => kernels.follow(a, b, c, d, e, f, g, h, i),
      warp_row: (a, b, c, d, e, f, g, h) => kernels.warp_row(a, b, c, d, e, f, g, h),
      standardise: (a, b, c, d, e) => kernels.standardise(a, b, c, d, e),
    },
    async attach(memory) {
      try {
        kernels = (await WebAssembly.instantiate(await compiled, { env: { memory } })).exports;
        return null;
      } catch (reason) {
        return reason;
      }
    },
  };
};
