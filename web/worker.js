// The worker's shell: the page sends it the compiled module, which is thus downloaded and compiled once for both.
"use strict";
self.document = {}; // vecty looks for one when the program starts; the worker's role never uses it
importScripts("{{asset "wasm_exec.js"}}");
self.onmessage = async ({ data }) => {
  self.onmessage = null;
  self.scanner = data;
  const go = new Go();
  const instance = await WebAssembly.instantiate(data.module, go.importObject);
  self.goMemory = instance.exports.mem;
  go.run(instance);
};
