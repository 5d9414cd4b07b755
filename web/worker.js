// The worker's shell: the page sends it the compiled module, which is thus downloaded and compiled once for both. The
// kernels that count run in a SIMD module beside it, where the browser has SIMD.
"use strict";
self.document = {}; // vecty looks for one when the program starts; the worker's role never uses it
importScripts("{{asset "wasm_exec.js"}}", "{{asset "simd.js"}}");
self.onmessage = async ({ data }) => {
  self.onmessage = null;
  self.scanner = data;
  data.asked = fetch(data.weights); // while the module starts
  data.asked.catch(() => {}); // it asks again
  const go = new Go();
  const simd = loadSIMD(fetch("{{asset "simd.wasm"}}"));
  go.importObject.simd = simd.imports;
  const instance = await WebAssembly.instantiate(data.module, go.importObject);
  self.goMemory = instance.exports.mem;
  await simd.attach(self.goMemory);
  go.run(instance);
};
