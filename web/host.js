// The scanner's side of the embedding: talks to <bank-card-scanner> (scanner.js) in the page that frames this one.
//
// Both sides check the other's origin exactly before a MessageChannel is handed over; nothing is ever posted to "*".
//   1. this page → parent, addressed to the origin in ?shop=:  { bankcard: "hello" }
//   2. parent → this page, from that origin, with a port:      { bankcard: "connect", session, lang, theme, read, mask, style }
//   3. everything else goes through the port:                  ready · scan · cancel · escape · error  /  close
// Who may frame us: with a session, the origin that its token names; without one (development), our own origin, or
// any loopback origin when we are on loopback ourselves. The server refuses forged tokens; this check keeps an honest
// browser from showing the scanner to the wrong page.
(() => {
	"use strict";
	const embedded = window.parent !== window;
	let port, claims, settle;
	const options = new Promise(resolve => { settle = resolve; });
	const host = { embedded, options, onclose: null };
	globalThis.bankCardHost = host;

	const loopback = origin => /^https?:\/\/(localhost|[a-z0-9-]+\.localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(origin);

	// The middle part of a JWT. Its signature is the server's business.
	const read = token => {
		try {
			const part = token.split(".")[1].replace(/-/g, "+").replace(/_/g, "/");
			return JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(part), c => c.charCodeAt(0))));
		} catch { return null; }
	};

	const mayEmbed = (origin, session) => {
		if (session) return claims.origin === origin;
		return origin === location.origin || (loopback(origin) && loopback(location.origin));
	};

	const post = message => { if (port) port.postMessage(message); };

	const base64url = bytes => btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
	const utf8 = text => new TextEncoder().encode(text);
	const uint32 = n => new Uint8Array([n >>> 24, n >>> 16, n >>> 8, n]);
	const join = (...parts) => { const out = new Uint8Array(parts.reduce((n, p) => n + p.length, 0)); let at = 0; for (const p of parts) { out.set(p, at); at += p.length; } return out; };

	// seal encrypts text for a public P-256 key: a compact JWE (RFC 7516) with direct ECDH-ES agreement (RFC 7518,
	// section 4.6, Concat KDF of NIST SP 800-56A) and A256GCM. Only the holder of the private key can open it.
	const seal = async (text, jwk) => {
		const subtle = crypto.subtle, curve = { name: "ECDH", namedCurve: "P-256" };
		const theirs = await subtle.importKey("jwk", { kty: jwk.kty, crv: jwk.crv, x: jwk.x, y: jwk.y }, curve, false, []);
		const ours = await subtle.generateKey(curve, true, ["deriveBits"]);
		const epk = await subtle.exportKey("jwk", ours.publicKey);
		const secret = new Uint8Array(await subtle.deriveBits({ name: "ECDH", public: theirs }, ours.privateKey, 256));
		const algorithm = utf8("A256GCM");
		const info = join(uint32(1), secret, uint32(algorithm.length), algorithm, uint32(0), uint32(0), uint32(256));
		const key = await subtle.importKey("raw", await subtle.digest("SHA-256", info), "AES-GCM", false, ["encrypt"]);
		const header = { alg: "ECDH-ES", enc: "A256GCM", epk: { kty: epk.kty, crv: epk.crv, x: epk.x, y: epk.y }, cty: "application/json" };
		if (jwk.kid) header.kid = jwk.kid;
		const aad = base64url(utf8(JSON.stringify(header))), iv = crypto.getRandomValues(new Uint8Array(12));
		const box = new Uint8Array(await subtle.encrypt({ name: "AES-GCM", iv, additionalData: utf8(aad) }, key, utf8(text)));
		return [aad, "", base64url(iv), base64url(box.subarray(0, -16)), base64url(box.subarray(-16))].join(".");
	};

	// scan hands a result to the shop: { number, masked, brand, luhn, bound, confidence }. In the masked mode the digits
	// leave only sealed, together with the session they belong to and the time, so that the backend can refuse a replay.
	host.scan = async result => {
		if (!(claims && claims.mask)) { post({ type: "scan", ...result }); return; }
		const { number, ...rest } = result;
		try {
			const sealed = await seal(JSON.stringify({ number, session: claims.jti, time: Math.floor(Date.now() / 1000) }), claims.key);
			post({ type: "scan", ...rest, sealed });
		} catch {
			host.error("seal", "The number could not be sealed for the shop.");
		}
	};
	host.ready = () => post({ type: "ready" });
	host.escape = () => post({ type: "escape" });
	host.cancel = () => post({ type: "cancel" });
	host.error = (code, message) => post({ type: "error", code, message });

	if (!embedded) { settle({}); return; }
	let shop;
	try { shop = new URL(new URLSearchParams(location.search).get("shop")).origin; } catch { return; }
	if (shop === "null") return;

	addEventListener("message", event => {
		if (port || event.source !== window.parent || event.origin !== shop || !event.data || event.data.bankcard !== "connect" || !event.ports[0]) return;
		const { session = "", lang = "", theme = "", read: policy = "", style = {} } = event.data;
		claims = session ? read(session) : null;
		const refuse = (code, message) => { event.ports[0].postMessage({ type: "error", code, message }); };
		if (session && !claims) { refuse("session", "The session is no token."); return; }
		if (!mayEmbed(event.origin, session)) { refuse("origin", "This page may not use the scanner: " + (session ? "the session names another origin." : "without a session, both must be on localhost.")); return; }
		if (event.data.mask && !(claims && claims.mask)) { refuse("mask", "The masked mode needs a session that names the shop's public key."); return; }
		port = event.ports[0];
		port.onmessage = ({ data }) => {
			if (data.type === "close" && host.onclose) host.onclose();
		};
		const root = document.documentElement;
		for (const name of ["accent", "accent-ink"]) {
			if (style[name] && CSS.supports("color", style[name])) root.style.setProperty("--" + name, style[name]);
		}
		if (theme === "light" || theme === "dark") root.dataset.theme = theme;
		settle({ session, lang, read: (claims && claims.read) || policy });
	});
	window.parent.postMessage({ bankcard: "hello" }, shop);
})();
