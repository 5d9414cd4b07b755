// <bank-card-scanner>: a card scanner for a checkout page, in a frame of its own origin.
//
//   <script type="module" src="https://scanner.example/scanner.js"></script>
//   <bank-card-scanner session="…" fill></bank-card-scanner>
//
// The element never sees the camera, and in the masked mode never the number. scanner.d.ts describes it in full.

const words = {
	en: ["Scan card", "Card scanner", "Close", "The scanner could not be reached."],
	zh: ["扫描银行卡", "银行卡扫描", "关闭", "无法连接扫描服务。"],
	es: ["Escanear tarjeta", "Escáner de tarjetas", "Cerrar", "No se pudo conectar con el escáner."],
	hi: ["कार्ड स्कैन करें", "कार्ड स्कैनर", "बंद करें", "स्कैनर तक नहीं पहुँचा जा सका।"],
	ar: ["مسح البطاقة", "ماسح البطاقات", "إغلاق", "تعذّر الوصول إلى الماسح."],
	pt: ["Ler cartão", "Leitor de cartões", "Fechar", "Não foi possível acessar o leitor."],
	bn: ["কার্ড স্ক্যান করুন", "কার্ড স্ক্যানার", "বন্ধ করুন", "স্ক্যানারে পৌঁছানো যায়নি।"],
	ru: ["Сканировать карту", "Сканер карт", "Закрыть", "Не удалось подключиться к сканеру."],
	ja: ["カードをスキャン", "カードスキャナー", "閉じる", "スキャナーに接続できませんでした。"],
	fr: ["Scanner la carte", "Scanner de carte", "Fermer", "Le scanner est injoignable."],
};

const look = `
:host { display: inline-block; --_accent: var(--bankcard-accent, #0b7a66); --_ink: var(--bankcard-accent-ink, #fff) }
:host([mode=inline]) { display: block }
:host([hidden]) { display: none }
button { font: inherit; cursor: pointer; touch-action: manipulation }
.scan { display: inline-flex; align-items: center; gap: .6em; min-block-size: 44px; padding-block: 0; padding-inline: 1.1em; border: 0; border-radius: var(--bankcard-radius, 12px); background: var(--_accent); color: var(--_ink); font-weight: 600 }
.scan svg { width: 1.4em; height: 1.4em; flex: none }
button:focus-visible { outline: 3px solid var(--_accent); outline-offset: 2px }
dialog { box-sizing: border-box; width: min(100vw, 460px); height: min(100dvh - 3rem, 860px); max-width: 100vw; max-height: 100dvh; padding: 0; border: 0; border-radius: 24px; overflow: hidden; background: #0e1116; color: #fff; box-shadow: 0 24px 80px #0008 }
dialog::backdrop { background: #0009 }
@media (max-width: 520px), (max-height: 560px) { dialog { width: 100vw; height: 100dvh; border-radius: 0 } }
iframe { display: block; width: 100%; height: 100%; border: 0; color-scheme: normal }
:host([mode=inline]) iframe { height: auto; aspect-ratio: 3 / 4; min-height: clamp(320px, 100dvh, 440px); max-height: 100dvh; border-radius: var(--bankcard-radius, 12px); background: #0e1116 }
.close svg { width: 20px; height: 20px; vertical-align: middle }
.close { position: absolute; inset-block-start: 12px; inset-inline-start: 12px; width: 44px; height: 44px; border: 0; border-radius: 22px; background: #0f1218bf; color: #fff }
.close:focus-visible { outline-color: #fff }
.scan[hidden], .close[hidden] { display: none }
.shield { position: fixed; inset: 0; z-index: 2147483647; width: auto; height: auto; margin: 0; padding: 0; border: 0; background: none }
@media (forced-colors: active) { .scan, .close, dialog { border: 2px solid } }
`;
// Constructed sheets pass a strict style-src, where inline styles would not. Safari before 16.4 has none.
let sheet;
try { sheet = new CSSStyleSheet(); sheet.replaceSync(look); } catch { sheet = null; }

// Nothing is parsed from text: a page may require trusted types, and allow none.
const make = (name, attributes = {}, ...children) => {
	const element = ["svg", "path"].includes(name) ? document.createElementNS("http://www.w3.org/2000/svg", name) : document.createElement(name);
	for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
	element.append(...children);
	return element;
};
const drawn = (width, path) => make("svg", { viewBox: "0 0 24 24", fill: "none", stroke: "currentColor", "stroke-width": width, "stroke-linecap": "round", "stroke-linejoin": "round", "aria-hidden": "true" }, make("path", { d: path }));
const card = "M3 8V6a2 2 0 0 1 2-2h2M17 4h2a2 2 0 0 1 2 2v2M21 16v2a2 2 0 0 1-2 2h-2M7 20H5a2 2 0 0 1-2-2v-2M7.5 8.5h9a1.5 1.5 0 0 1 1.5 1.5v4.5a1.5 1.5 0 0 1-1.5 1.5h-9a1.5 1.5 0 0 1-1.5-1.5v-4.5a1.5 1.5 0 0 1 1.5-1.5zM6 11h12";
const cross = "M6 6l12 12M18 6L6 18";

const patience = 20000; // ms until a frame that says nothing counts as unreachable
const meant = 400; // ms in which a finger can't mean what has come to light: as in the frame (listen.go)

export class BankCardScanner extends HTMLElement {
	static observedAttributes = ["mode", "src", "lang"];
	#session = null;
	#parts;
	#link = null; // what belongs to one open scanner: { frame, focus, port, timer, stop }
	#tongue = new MutationObserver(() => this.#label()); // a page may name its language late, and so its own words here
	#placed = false; // in a page, with all that was set before
	#asleep = false; // inline, and in a part of the page that is hidden: it opens when that is shown

	constructor() {
		super();
		const root = this.attachShadow({ mode: "open", delegatesFocus: true });
		if (sheet) root.adoptedStyleSheets = [sheet]; else root.append(make("style", {}, look));
		const slot = make("slot"), button = make("button", { type: "button", class: "scan", part: "button" }, drawn(1.8, card), slot);
		const close = make("button", { type: "button", class: "close", part: "close" }, drawn(2, cross));
		const place = make("div"), dialog = make("dialog", { part: "dialog" }, close);
		root.append(button, place, dialog);
		this.#parts = { button, place, dialog, close, slot };
		button.addEventListener("click", () => this.open());
		close.addEventListener("click", () => this.#cancel());
		dialog.addEventListener("cancel", event => { event.preventDefault(); this.#cancel(); });
		dialog.addEventListener("close", () => { if (this.#link && this.mode === "dialog" && !dialog.open) this.#cancel(); }); // unasked (whatwg/html#10047)
		for (const Observer of [ResizeObserver, IntersectionObserver]) { // of display: none, and of what a browser skips, as in a closed <details>
			const observer = new Observer(() => setTimeout(() => this.#look()));
			observer.observe(place);
			observer.observe(dialog);
		}
		if (document.prerendering) document.addEventListener("prerenderingchange", () => this.#look(), { once: true });
	}

	connectedCallback() {
		// What was set before this script ran lies on the element itself, in front of the class's properties.
		for (const name of ["mode", "src", "session"]) {
			if (!this.hasOwnProperty(name)) continue;
			const value = this[name];
			delete this[name];
			this[name] = value;
		}
		this.#placed = true;
		this.#label();
		this.#tongue.observe(document.documentElement, { attributeFilter: ["lang"] });
		this.#tongue.observe(this, { childList: true, characterData: true, subtree: true });
		if (this.mode === "inline") this.open();
	}
	disconnectedCallback() { this.#placed = false; this.#tongue.disconnect(); this.close(); }
	attributeChangedCallback(name, before, after) {
		if (before === after || !this.#placed) return;
		this.#label();
		if (name === "mode" || name === "src" && this.mode === "inline") { this.close(); if (this.mode === "inline") this.open(); } // Angular binds src late
	}

	// Frameworks set what is there as a property: React would throw at a getter alone, Vue pass it over.
	get mode() { return this.getAttribute("mode") === "inline" ? "inline" : "dialog"; }
	set mode(value) { this.#reflect("mode", value); }
	get isOpen() { return this.#link !== null; }
	/** Where the scanner lies: the src attribute, or the folder of this very script. */
	get src() {
		const url = new URL(this.getAttribute("src") || ".", this.hasAttribute("src") ? document.baseURI : import.meta.url);
		if (!/(\/|\.js|\.html)$/.test(url.pathname)) url.pathname += "/"; // a folder that was given without its slash
		return url.href;
	}
	set src(value) { this.#reflect("src", value); }
	/** A token, or a function that fetches one for each opening. */
	get session() { return this.#session ?? this.getAttribute("session") ?? ""; }
	set session(value) { this.#session = value; }
	/** An attribute's text, null where it is off: Vue, Svelte and Preact write what is true or false out as a word. */
	#option(name) { const text = this.getAttribute(name); return text === "false" ? null : text === "true" ? "" : text; }
	#reflect(name, value) { if (value == null) this.removeAttribute(name); else this.setAttribute(name, value); }

	async open() {
		if (this.#link || !this.isConnected) return;
		const shown = this.#shown();
		this.#asleep = !shown && this.mode === "inline";
		if (!shown) { if (!this.#asleep) this.#tell("cancel"); return; }
		let home;
		try { home = new URL("index.html", this.src); } catch { this.#tell("error", { code: "unreachable", message: this.#words()[3] }); return; } // src is no address
		const shop = self.origin; // location's is none where a page is in about:srcdoc or about:blank
		if (shop === "null") { this.#tell("error", { code: "origin", message: "A page without an origin, as in a sandbox or from a file, may not use the scanner." }); return; }
		home.searchParams.set("shop", shop);
		const frame = document.createElement("iframe");
		frame.part = "frame";
		frame.title = this.#words()[1];
		frame.allow = `camera ${home.origin}`;
		frame.setAttribute("sandbox", "allow-scripts allow-same-origin");
		frame.referrerPolicy = "no-referrer";
		const focus = this.mode === "dialog" || this.shadowRoot.activeElement === this.#parts.button; // not while somebody fills in the page
		const link = this.#link = { frame, focus, port: null, timer: 0, stop: new AbortController() };
		link.timer = setTimeout(() => this.#fail(link, "unreachable", this.#words()[3]), patience);
		addEventListener("message", event => this.#hello(link, home.origin, event), { signal: link.stop.signal });
		addEventListener("pageshow", ({ persisted }) => { if (persisted) this.#look(false); }, { signal: link.stop.signal });
		frame.src = home.href;
		if (frame.featurePolicy?.allowsFeature("camera", home.origin) === false) console.warn(`bank-card-scanner: Permissions-Policy keeps the camera from ${home.origin}. It needs camera=(self "${home.origin}").`);
		if (this.mode === "inline") { this.#parts.button.hidden = true; this.#parts.place.append(frame); return; }
		this.#parts.close.hidden = false;
		this.#parts.dialog.append(frame);
		this.#parts.dialog.showModal();
	}

	close() {
		this.#asleep = false;
		const link = this.#link;
		if (!link) return;
		this.#link = null;
		clearTimeout(link.timer);
		link.stop.abort();
		if (link.port) { link.port.postMessage({ type: "close" }); link.port.close(); }
		const focused = this.shadowRoot.activeElement === link.frame;
		link.frame.remove(); // ends the camera, the worker and all memory of the number
		this.#parts.button.hidden = false;
		if (this.#parts.dialog.open) this.#parts.dialog.close(); // the browser gives the focus back
		else if (focused) this.#parts.button.focus();
		if (this.isConnected) this.#shield();
	}

	// The second tap of two on what ended the scanner gets nowhere: it might lie on the shop's button that pays. The top layer is
	// above all, frames included; browsers without popovers have the highest place they give.
	#shield() {
		const shield = make("div", { class: "shield", popover: "manual" });
		for (const kind of ["mousedown", "click"]) shield.addEventListener(kind, event => { event.preventDefault(); event.stopPropagation(); }); // the focus stays, too
		this.shadowRoot.append(shield);
		shield.showPopover?.();
		setTimeout(() => shield.remove(), meant);
	}

	// A hidden scanner would go on looking and sending; its dialog would hold the page, unseen. Where a page that was left is
	// shown again as it was, the frame has ended, and its dialog would have no way out.
	#look(shown = this.#shown()) {
		if (shown && this.#asleep) this.open();
		if (shown || !this.#link) return;
		if (this.mode === "dialog") { this.#cancel(); return; }
		this.close();
		this.#asleep = true;
	}
	// Of a page that is rendered before anybody goes there, no frame loads.
	#shown() { const { place } = this.#parts; return !document.prerendering && (place.checkVisibility?.() ?? place.getClientRects().length > 0); }

	#cancel() { this.close(); this.#tell("cancel"); }
	#fail(link, code, message) { if (link !== this.#link) return; this.close(); this.#tell("error", { code, message }); }

	// Step 2 of the handshake that host.js describes: only our own frame, only from the scanner's exact origin. A frame that
	// says hello again was loaded anew ("Try again"), and knows nothing of the connection before.
	async #hello(link, origin, event) {
		if (event.source !== link.frame.contentWindow || event.origin !== origin || event.data?.bankcard !== "hello") return;
		clearTimeout(link.timer); // from here on the frame tells the person itself how it gets on
		link.port?.close();
		this.#parts.close.hidden = false;
		const channel = new MessageChannel(), port = link.port = channel.port1;
		port.onmessage = ({ data }) => { if (link === this.#link) this.#heard(link, data); };
		let session, failure = "";
		try {
			session = typeof this.session === "function" ? await this.session() : this.session;
			if (typeof session !== "string") throw new TypeError(`a token is text, not ${session === null ? "null" : typeof session}`);
		} catch (error) { failure = String(error); }
		if (link !== this.#link || port !== link.port) return;
		if (failure) { this.#fail(link, "session", "The shop could not open a session: " + failure); return; }
		const css = getComputedStyle(this), style = {};
		for (const name of ["accent", "accent-ink"]) style[name] = css.getPropertyValue("--bankcard-" + name).trim();
		if (style.accent) style["accent-ink"] ||= "#fff"; // as on the button here: the frame's ink suits its own accent alone
		link.frame.contentWindow.postMessage({
			bankcard: "connect", session, style, lang: this.#lang(), theme: this.getAttribute("theme") ?? "",
			read: this.getAttribute("read") ?? "", mask: this.#option("mask") !== null,
		}, origin, [channel.port2]);
	}

	#heard(link, data) {
		switch (data.type) {
		case "ready":
			this.#parts.close.hidden = true; // the scanner has a close button of its own
			if (link.focus) link.frame.focus();
			this.#tell("ready");
			break;
		case "scan": {
			const { type, ...result } = data;
			this.close(); // first: beside an open dialog the shop could not move the focus on
			try { if (result.number) this.#fill(result.number); } catch (error) { setTimeout(() => { throw error; }); } // for the console
			this.#tell("scan", result);
			break;
		}
		case "cancel": this.#cancel(); break;
		case "escape": if (this.#parts.dialog.open) this.#cancel(); break; // the key was pressed where this page can't hear it
		case "error": this.#fail(link, data.code, data.message); break;
		}
	}

	// The input to fill: in the form around this element, or in the tree that it is in; a shadow tree that has neither may be
	// a part of another's.
	#input() {
		const wanted = this.#option("fill");
		if (wanted) return this.getRootNode().querySelector(wanted);
		for (let at = this; at; at = at.getRootNode().host) {
			const form = at.closest("form"), fields = [...form?.elements ?? at.getRootNode().querySelectorAll("input")]; // an input may name a form that it doesn't stand in
			const input = fields.find(field => field.matches('input[autocomplete~="cc-number" i]'));
			if (form || input) return input;
		}
		return null;
	}

	// Sets the input as a keyboard would: React watches the prototype's setter, Vue and plain forms the events. It's emptied first:
	// a mask that is full, as of Inputmask, keeps what it has.
	#fill(number) {
		const input = this.#option("fill") !== null ? this.#input() : null;
		if (!input) return;
		const set = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(input), "value")?.set;
		for (const [text, inputType] of [["", "deleteContent"], [number, "insertReplacementText"]]) {
			if (!text && !input.value) continue;
			if (set) set.call(input, text); else input.value = text; // a shop's own kind of field
			input.dispatchEvent(new InputEvent("input", { bubbles: true, composed: true, inputType }));
		}
		input.dispatchEvent(new Event("change", { bubbles: true }));
	}

	#tell(name, detail = {}) { this.dispatchEvent(new CustomEvent("bankcard-" + name, { detail, bubbles: true, composed: true })); }
	#lang() { return this.getAttribute("lang") || document.documentElement.lang || navigator.language; }
	#tongueOf() { const tongue = this.#lang().toLowerCase().split("-")[0]; return words[tongue] ? tongue : "en"; }
	#words() { return words[this.#tongueOf()]; }
	#label() {
		const [scan, title, close] = this.#words();
		for (const part of ["slot", "place", "dialog"]) this.#parts[part].lang = this.#tongueOf(); // to be read out as what it is
		this.#parts.slot.textContent = scan;
		this.#parts.slot.name = this.firstElementChild || this.textContent.trim() ? "" : "none"; // a line break between the tags would take the words' place
		this.#parts.dialog.setAttribute("aria-label", title);
		this.#parts.close.setAttribute("aria-label", close);
	}
}

if (!customElements.get("bank-card-scanner")) customElements.define("bank-card-scanner", BankCardScanner);
