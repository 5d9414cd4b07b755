// Starts the page: language, configuration and module are fetched side by side, the module's download is shown, and what
// fails can be tried again without losing the camera that the page's inline script has asked for. The camera's first
// frame goes before all work: until it is on the screen the module is on its way, but not compiled.
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

  // The camera's first frame is on the screen, or is not to be waited for: there is no camera, or somebody is still asked
  // for it. requestVideoFrameCallback may never call back in WebKit, hence the event beside it.
  const shown = new Promise(done => {
    const video = document.getElementById("video");
    video.requestVideoFrameCallback?.(() => done());
    video.addEventListener("loadeddata", () => setTimeout(done, 100), { once: true });
    scanner.camera?.catch(done);
    setTimeout(done, 2000);
  });

  // Streams the module into the compiler while its bytes are counted, and hashes them: a fetch with an integrity value
  // would hold everything back until the last byte. What does not hash to the page's own value never runs. While the first
  // frame is awaited the bytes wait with the network, which is none the slower for it.
  async function download() {
    const answer = await fetch(moduleURL);
    if (!answer.ok) throw new Error(`module: ${answer.status}`);
    await shown;
    const bytes = new Uint8Array(Number("{{size "scanner.wasm"}}"));
    let loaded = 0;
    const counted = new TransformStream({
      transform(chunk, out) {
        bytes.set(chunk, loaded);
        loaded += chunk.byteLength;
        bar.value = loaded / bytes.length;
        out.enqueue(chunk);
      },
    });
    const body = answer.body.pipeThrough(counted);
    const module = await WebAssembly.compileStreaming(new Response(body, { headers: { "Content-Type": "application/wasm" } }));
    if (globalThis.crypto?.subtle) { // only pages over https have it, and only there is it of use
      const sum = new Uint8Array(await crypto.subtle.digest("SHA-384", bytes));
      if ("sha384-" + btoa(String.fromCharCode(...sum)) !== moduleHash) throw new Error("module: wrong hash");
    }
    return module;
  }

  // Old browsers lack one of the streams: everything at once, then.
  async function downloadWhole() {
    bar.removeAttribute("value");
    const answer = await fetch(moduleURL, { integrity: moduleHash });
    if (!answer.ok) throw new Error(`module: ${answer.status}`);
    const bytes = await answer.arrayBuffer();
    await shown;
    return WebAssembly.compile(bytes);
  }

  // The compiled module; the worker starts on it at once, beside the page itself.
  async function compiled() {
    const streams = typeof TransformStream === "function" && "compileStreaming" in WebAssembly;
    const module = await (streams ? download() : downloadWhole());
    scanner.eye = look(module);
    return module;
  }

  // A new worker. Its first word may come before anybody listens: ready keeps it, or tells that none will come.
  function look(module) {
    const worker = new Worker("{{asset "worker.js"}}");
    worker.ready = new Promise(settle => {
      worker.onmessage = () => settle(true);
      worker.onerror = worker.over = () => settle(false);
    });
    worker.postMessage({ module, weights: new URL("{{asset "weights.bin"}}", document.baseURI).href });
    return worker;
  }

  async function start() {
    box.hidden = false;
    box.classList.remove("failed");
    fault.hidden = again.hidden = true;
    say.hidden = bar.hidden = false;
    try {
      const [config, table, module] = await Promise.all([configured(), translated(), compiled()]);
      Object.assign(scanner, { config, texts: table, look: () => look(module) });
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

  // Called by the module when its first view is drawn.
  scanner.started = () => { box.hidden = true };
  again.addEventListener("click", start);
  if (bankCardHost.embedded) bankCardHost.options.then(() => scanner.ask());
  start();
})();
