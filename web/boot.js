// Starts the page: language, configuration and module are fetched side by side, the module's download is shown, and what
// fails can be tried again without losing the camera that the page's inline script has asked for.
"use strict";
(() => {
  const locales = {{assets "locales/"}};
  const moduleURL = "{{asset "scanner.wasm"}}", moduleHash = "{{sri "scanner.wasm"}}";
  const box = document.getElementById("boot");
  const [say, fault] = box.querySelectorAll("p"), bar = box.querySelector("progress"), again = box.querySelector("button");
  const query = new URLSearchParams(location.search);
  const meta = name => document.querySelector(`meta[name="scanner-${name}"]`)?.content ?? "";

  // The best language there is a file for: the one the embedding page or the address asks for, or the browser's.
  function language(asked) {
    const known = Object.keys(locales).map(name => name.slice("locales/".length, -".json".length));
    for (const wanted of [asked, query.get("lang"), ...navigator.languages]) {
      if (!wanted) continue;
      const tag = wanted.toLowerCase();
      const found = known.find(k => k.toLowerCase() === tag) ?? known.find(k => k.toLowerCase().split("-")[0] === tag.split("-")[0]);
      if (found) return found;
    }
    return "en";
  }

  async function json(url) {
    const answer = await fetch(url);
    if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
    return answer.json();
  }

  // config.json lets an operator set api, read and the like without a rebuild; a site without it uses the page's own.
  async function configuration() {
    const own = { api: meta("api"), read: document.documentElement.dataset.read };
    try {
      return { ...own, ...await json("config.json") };
    } catch {
      return own;
    }
  }

  // What the embedding page wants comes last, and so does what its session allows.
  async function configured() {
    const [config, { session = "", read }] = await Promise.all([configuration(), bankCardHost.options]);
    return { ...config, session, read: read || config.read };
  }

  async function texts(lang) {
    try {
      return await json(locales[`locales/${lang}.json`]);
    } catch (broken) {
      if (lang === "en") throw broken;
      return texts("en");
    }
  }

  // Streams the module into the compiler while its bytes are counted and hashed: a fetch with an integrity value would
  // hold everything back until the last byte. What does not hash to the page's own value never runs.
  async function download() {
    const answer = await fetch(moduleURL);
    if (!answer.ok) throw new Error(`module: ${answer.status}`);
    const total = Number("{{size "scanner.wasm"}}"), chunks = [];
    let loaded = 0;
    const seen = new TransformStream({
      transform(chunk, out) {
        chunks.push(chunk);
        loaded += chunk.byteLength;
        bar.value = Math.min(1, loaded / total);
        out.enqueue(chunk);
      },
    });
    const body = answer.body.pipeThrough(seen);
    const module = await WebAssembly.compileStreaming(new Response(body, { headers: { "Content-Type": "application/wasm" } }));
    if (globalThis.crypto?.subtle) { // only pages over https have it, and only there is it of use
      const sum = new Uint8Array(await crypto.subtle.digest("SHA-384", await new Blob(chunks).arrayBuffer()));
      if ("sha384-" + btoa(String.fromCharCode(...sum)) !== moduleHash) throw new Error("module: wrong hash");
    }
    return module;
  }

  // Old browsers lack one of the streams: everything at once, then.
  async function downloadWhole() {
    bar.removeAttribute("value");
    const answer = await fetch(moduleURL, { integrity: moduleHash });
    if (!answer.ok) throw new Error(`module: ${answer.status}`);
    return WebAssembly.compile(await answer.arrayBuffer());
  }

  async function start() {
    box.hidden = false;
    box.classList.remove("failed");
    fault.hidden = again.hidden = true;
    say.hidden = bar.hidden = false;
    try {
      const streams = typeof TransformStream === "function" && "compileStreaming" in WebAssembly;
      const [config, table, module] = await Promise.all([configured(), translated(), streams ? download() : downloadWhole()]);
      Object.assign(scanner, { config, texts: table, module });
      const go = new Go();
      go.importObject.simd = loadSIMD().imports; // the page itself computes nothing
      const instance = await WebAssembly.instantiate(module, go.importObject);
      globalThis.goMemory = instance.exports.mem;
      go.run(instance);
    } catch (error) {
      console.error(error);
      box.classList.add("failed");
      say.hidden = bar.hidden = true;
      fault.hidden = again.hidden = false;
      again.focus();
    }
  }

  async function translated() {
    const { lang } = await bankCardHost.options;
    scanner.language = language(lang);
    const table = await texts(scanner.language);
    document.documentElement.lang = table["locale.tag"];
    document.documentElement.dir = table["locale.dir"];
    document.title = table["title"];
    say.textContent = table["boot.say"];
    fault.textContent = table["boot.fault"];
    again.textContent = table["boot.again"];
    bar.setAttribute("aria-label", table["boot.progress"]);
    return table;
  }

  scanner.worker = "{{asset "worker.js"}}";
  scanner.weights = "{{asset "weights.bin"}}";
  // Called by the module when its first view is drawn.
  scanner.started = () => { box.hidden = true };
  again.addEventListener("click", start);
  if (bankCardHost.embedded) bankCardHost.options.then(() => scanner.ask());
  start();
})();
