// The worker's shell: the page sends it the compiled module, which is thus downloaded and compiled once for both. The
// kernels that count run in a SIMD module beside it, where the browser has SIMD. boot.js puts wasm_exec.js and simd.js before
// this script; what it fetches must have the hash that it is told with it.
self.document = {}; // vecty looks for one when the program starts; the worker's role never uses it
self.onmessage = ({ data }) => {
  self.onmessage = null;
  start(data).catch(error => setTimeout(() => { throw error; })); // the page hears of errors, not of rejections
};
async function start(data) {
  self.scanner = data;
  const stalled = new AbortController();
  const get = ({ url, integrity }, signal) => fetch(url, { integrity, signal });
  data.ask = name => get(data[name]);
  data.asked = data.ask("locator"); // while the module starts
  data.asked.catch(() => {}); // it asks again
  const go = new Go();
  setTimeout(() => stalled.abort(), 8000); // as long as a picture waits for a file (engine.go): Go can do without the kernels
  const simd = loadSIMD(get(data.simd, stalled.signal));
  go.importObject.simd = simd.imports;
  const instance = await WebAssembly.instantiate(data.module, go.importObject);
  self.goMemory = instance.exports.mem;
  await simd.attach(self.goMemory);
  await go.run(instance);
  throw new Error("the worker's program has ended"); // as for want of memory: nobody should wait for its answer
}
