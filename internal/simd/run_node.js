// Runs a Go program for js/wasm in node, with the SIMD kernels: go test -exec "node internal/simd/run_node.js" …
// (GOOS=js GOARCH=wasm). Set NOSIMD=1 to run it without them. Like lib/wasm/wasm_exec_node.js of the Go distribution.
"use strict";

const { execFileSync } = require("child_process");
const fs = require("fs");
const path = require("path");

globalThis.fs = fs;
globalThis.path = path;
const goroot = process.env.GOROOT || execFileSync("go", ["env", "GOROOT"]).toString().trim();
require(path.join(goroot, "lib/wasm/wasm_exec"));
require("./simd.js");

async function main(file, ...args) {
  const go = new Go();
  go.argv = [file, ...args];
  go.env = Object.assign({ TMPDIR: require("os").tmpdir() }, process.env);
  go.exit = process.exit;
  const simd = loadSIMD(process.env.NOSIMD ? Promise.reject(new Error("NOSIMD is set")) : fs.readFileSync(path.join(__dirname, "simd.wasm")));
  go.importObject.simd = simd.imports;
  const { instance } = await WebAssembly.instantiate(fs.readFileSync(file), go.importObject);
  const reason = await simd.attach(instance.exports.mem);
  if (reason && !process.env.NOSIMD) throw reason;
  process.on("exit", (code) => {
    if (code === 0 && !go.exited) {
      // Every goroutine waits and nothing will wake one: let Go print its deadlock.
      go._pendingEvent = { id: 0 };
      go._resume();
    }
  });
  await go.run(instance);
}

main(...process.argv.slice(2)).catch((err) => {
  console.error(err);
  process.exit(1);
});
