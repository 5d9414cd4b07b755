// Starts the page: language, configuration and module are fetched side by side, the module's download is shown, and what
// fails can be tried again without losing the camera that the page's inline script has asked for. The camera's first
// frame goes before all work: until it is on the screen the module is on its way, but not compiled.
"use strict";
(() => {
  // Each file with the hash that it had when this page was built.
  const locales = {{files "locales/"}}, module = {{file "scanner.wasm"}}, locator = {{file "locator.bin"}}, weights = {{file "weights.bin"}}, simd = {{file "simd.wasm"}};
  const shell = [{{file "wasm_exec.js"}}, {{file "simd.js"}}, {{file "worker.js"}}];
  const box = document.getElementById("boot");
  const say = box.querySelector(".say"), [fault, changed, unfit] = box.querySelectorAll(".fault"), bar = box.querySelector("progress"), again = box.querySelector("button");
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

  class Changed extends Error {}
  class Gone extends Error {} // from the site, as for a page that a browser kept from before a roll-out
  class Unfit extends Error {} // the browser: it has no WebAssembly, or may not use it

  const hash = async bytes => "sha384-" + btoa(String.fromCharCode(...new Uint8Array(await crypto.subtle.digest("SHA-384", bytes))));

  // How long in ms a small file, or the module's next bytes, may take: what stalls is told, so that it can be tried again.
  const patience = 15000;

  // A signal that gives up a fetch when nothing has moved for so long. It does nothing to one that is over.
  function watch(limit = patience) {
    const halt = new AbortController();
    let clock;
    const moved = () => { clearTimeout(clock); clock = setTimeout(() => halt.abort(), limit) };
    moved();
    return { signal: halt.signal, moved };
  }

  // Fetches a file of this build, and nothing else in its place. To a script, a wrong hash and a lost connection look the
  // same, so a file that could not be had is asked for once more, and hashed here: a bad network is no reason for alarm.
  async function get({ url, integrity }, limit) {
    let answer;
    const { signal } = watch(limit);
    try {
      answer = await fetch(url, { integrity, signal });
    } catch (error) {
      if (signal.aborted) throw error;
      const there = await fetch(url, { signal: watch(limit).signal }).then(there => found(there).arrayBuffer()).catch(error => error);
      if (there instanceof Gone) throw there;
      if (there instanceof Error || !globalThis.crypto?.subtle) throw error;
      if (await hash(there) !== integrity) throw new Changed(`${url} is not the file that this page was built with`);
      return new Response(there);
    }
    return found(answer);
  }

  function found(answer) {
    if (!answer.ok) throw new (answer.status === 404 ? Gone : Error)(`${answer.url}: ${answer.status}`);
    return answer;
  }

  // config.json lets an operator set api, read and the like without a rebuild; a site without it uses the page's own. It
  // alone has no hash, for it may change: where pictures may go is held by the policy's connect-src, whatever it says.
  async function configuration() {
    const own = { api: meta("api"), read: document.documentElement.dataset.read };
    try {
      const answer = await fetch("config.json", { signal: watch().signal });
      return answer.ok ? { ...own, ...await answer.json() } : own;
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
      return await (await get(locales[`locales/${lang}.json`])).json();
    } catch (broken) {
      if (lang === "en" || broken instanceof Changed) throw broken;
      return texts("en");
    }
  }

  let runs = true; // here the module can, as it seems
  try { new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)) } catch { runs = false } // an empty one

  // In another page's frame the camera is asked for here; by itself the page has done so already.
  const asked = bankCardHost.embedded ? bankCardHost.options.then(() => { if (runs) scanner.ask() }) : Promise.resolve();

  // A camera that stays muted shows its last picture for ever, as after a call that came in, and often only a new stream brings
  // it back (100mslive/web-sdks#3728): to the module it has ended. Some are muted for a moment when they start (WebKit#28593), and
  // any may be while nobody sees the page.
  const video = document.getElementById("video");
  let clock; // one at a time: it begins anew when the page is seen again, for the camera needs as long to come back
  function muted() {
    const track = video.srcObject?.getVideoTracks()[0];
    clearTimeout(clock);
    clock = setTimeout(() => { if (track?.muted && track.readyState === "live" && !document.hidden) track.dispatchEvent(new Event("ended")) }, 2000);
  }
  function loaded() {
    const track = video.srcObject?.getVideoTracks()[0]; // none where the page was closed meanwhile
    if (track) track.onmute = muted;
    muted();
  }
  video.addEventListener("loadeddata", loaded);
  if (video.readyState > 1) loaded(); // the first picture came before this script
  document.addEventListener("visibilitychange", muted);

  // The camera's first frame is on the screen, or is not to be waited for: there is no camera, or somebody is still asked
  // for it. requestVideoFrameCallback may never call back in WebKit, hence the event beside it.
  const shown = new Promise(done => {
    video.requestVideoFrameCallback?.(() => done());
    video.addEventListener("loadeddata", () => setTimeout(done, 100), { once: true });
    asked.then(() => scanner.camera ? scanner.camera.catch(done) : done());
    setTimeout(done, 2000);
  });

  // Even fetching takes from the camera where all comes from the cache at once: so the camera has a start of 300 ms, about
  // what a rear lens takes on a second visit.
  const begun = Promise.race([shown, new Promise(done => setTimeout(done, Math.max(0, 300 - performance.now())))]);

  // Streams the module into the compiler while its bytes are counted, and hashes them: a fetch with an integrity value
  // would hold everything back until the last byte. What does not hash to the page's own value never runs. While the first
  // frame is awaited the bytes wait with the network, which is none the slower for it.
  async function download() {
    const { signal, moved } = watch();
    const answer = found(await fetch(module.url, { signal }));
    await shown;
    moved();
    const bytes = new Uint8Array(Number("{{size "scanner.wasm"}}"));
    let loaded = 0;
    const counted = new TransformStream({
      transform(chunk, out) {
        if (loaded + chunk.byteLength <= bytes.length) bytes.set(chunk, loaded);
        loaded += chunk.byteLength;
        moved();
        bar.value = loaded / bytes.length;
        out.enqueue(chunk);
      },
    });
    const body = answer.body.pipeThrough(counted);
    const compiling = WebAssembly.compileStreaming(new Response(body, { headers: { "Content-Type": "application/wasm" } }));
    const result = await compiling.catch(error => error);
    const broken = result instanceof Error, short = broken && loaded < bytes.length; // what was changed may be no module at all
    const fits = loaded === bytes.length && await hash(bytes) === module.integrity;
    if (!fits && !short) throw new Changed(`${module.url} is not the module that this page was built with`);
    if (broken) throw result;
    return result;
  }

  // Old browsers lack one of the streams, pages without https lack hashing: everything at once, then.
  async function downloadWhole() {
    bar.removeAttribute("value");
    const bytes = await (await get(module, 20 * patience)).arrayBuffer(); // nobody sees it move
    await shown;
    return WebAssembly.compile(bytes);
  }

  // The compiled module; the worker starts on it at once, beside the page itself. There is one, however often the page is
  // started: what an earlier start comes to late has none, and one that waits for a page which never came is ended.
  let starts = 0;
  async function compiled() {
    const turn = ++starts;
    if (!runs) throw new Unfit();
    const streams = typeof TransformStream === "function" && "compileStreaming" in WebAssembly && globalThis.crypto?.subtle;
    await begun;
    const [code, script] = await Promise.all([streams ? download() : downloadWhole(), workerScript()]);
    if (turn === starts) {
      scanner.look = () => look(code, script);
      scanner.eye?.terminate();
      try { scanner.eye = scanner.look() } catch {} // refused: pictures are taken by hand then
    }
    return code;
  }

  // The worker's script is put together from files whose hashes fit, into a blob: neither new Worker(url) nor importScripts
  // can check any. A blob's worker is also under this page's own policy, where one from a file would be under that file's.
  let script;
  async function workerScript() {
    const parts = await Promise.all(shell.map(async file => (await get(file)).text()));
    return script ??= URL.createObjectURL(new Blob(parts.flatMap(part => [part, "\n"]), { type: "text/javascript" }));
  }

  // A new worker. Its first word may come before anybody listens: ready keeps it, or tells that none will come.
  function look(code, script) {
    const worker = new Worker(script);
    worker.ready = new Promise(settle => {
      worker.onmessage = () => settle(true);
      worker.onerror = worker.over = () => settle(false);
    });
    const absolute = file => ({ ...file, url: new URL(file.url, document.baseURI).href }); // a blob has no folder
    worker.postMessage({ module: code, locator: absolute(locator), weights: absolute(weights), simd: absolute(simd) });
    return worker;
  }

  async function start() {
    box.hidden = false;
    box.classList.remove("failed");
    fault.hidden = changed.hidden = unfit.hidden = again.hidden = true;
    say.hidden = bar.hidden = false;
    try {
      const [config, table, code] = await Promise.all([configured(), translated(), compiled()]);
      if (scanner.unstyled) throw new Error("the style sheet did not come, or is not the one that was published");
      Object.assign(scanner, { config, texts: table });
      const go = new Go();
      go.importObject.simd = loadSIMD().imports; // the page itself computes nothing
      const instance = await WebAssembly.instantiate(code, go.importObject);
      globalThis.goMemory = instance.exports.mem;
      go.run(instance).finally(ended);
    } catch (error) {
      console.error(error);
      fail(error);
    }
  }

  // What was lost on its way can be tried again. What was changed is told to the shop, too, which then closes this frame; a page
  // that says it was stopped, or can't run, has no camera on. What is not this page's, or no longer there, comes with a newer
  // page alone.
  function fail(error) {
    const isChanged = error instanceof Changed, isUnfit = error instanceof Unfit;
    if (isChanged || isUnfit || error instanceof Gone) again.onclick = () => location.reload();
    if (isChanged || isUnfit) scanner.camera?.then(stream => stream.getTracks().forEach(track => track.stop()), () => {});
    box.classList.add("failed");
    say.hidden = bar.hidden = true;
    fault.hidden = isChanged || isUnfit;
    changed.hidden = !isChanged;
    unfit.hidden = !isUnfit;
    again.hidden = false;
    if (!bankCardHost.embedded || document.hasFocus()) again.focus(); // not while somebody fills in the shop's page
    if (isChanged) bankCardHost.options.then(() => bankCardHost.error("integrity", "A file of the scanner is not the one that was published; it was not used."));
  }

  // The module runs for as long as the page is open. Where it breaks off, as for want of memory, nothing on the page would answer.
  function ended() {
    if (bankCardHost.embedded) return bankCardHost.error("ended", "The scanner broke off.");
    document.getElementById("app").remove();
    video.srcObject?.getTracks().forEach(track => track.stop());
    fault.firstElementChild.textContent = scanner.texts["trouble.server.title"];
    fault.lastElementChild.hidden = true;
    box.hidden = false;
    again.onclick = () => location.reload();
    fail();
  }

  async function translated() {
    const { lang } = await bankCardHost.options;
    scanner.language = language(lang);
    const table = await texts(scanner.language);
    document.documentElement.lang = table["locale.tag"];
    document.documentElement.dir = table["locale.dir"];
    document.title = table["title"];
    say.textContent = table["boot.say"];
    fault.firstElementChild.textContent = table["boot.fault.title"];
    fault.lastElementChild.textContent = table["boot.fault.text"];
    changed.firstElementChild.textContent = table["boot.changed.title"];
    changed.lastElementChild.textContent = table["boot.changed.text"];
    unfit.firstElementChild.textContent = table["boot.unfit.title"];
    unfit.lastElementChild.textContent = table["boot.unfit.text"];
    again.textContent = table["boot.again"];
    bar.setAttribute("aria-label", table["boot.progress"]);
    return table;
  }

  // Called by the module when its first view is drawn.
  scanner.started = () => { box.hidden = true };
  again.onclick ??= start; // unless a script was lost: then all is loaded anew
  start();
})();
