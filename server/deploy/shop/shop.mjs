// The shop's backend in Node 20, without packages: opens scanner sessions with its merchant key, and opens the sealed
// card numbers of the masked mode. Twin of main.go; an example to copy from.
//
//   SCANNER_API=https://api.example MERCHANT_ID=acme MERCHANT_KEY=… node shop.mjs
import { createServer } from "node:http";
import { webcrypto as crypto } from "node:crypto";

const { SCANNER_API = "http://localhost:8080", MERCHANT_ID, MERCHANT_KEY, PORT = "3000", MASK = "" } = process.env;
const SHOP_ORIGIN = process.env.SHOP_ORIGIN ?? `http://localhost:${PORT}`;
if (!MERCHANT_ID || !MERCHANT_KEY) throw new Error("MERCHANT_ID and MERCHANT_KEY: set both, as the scanner's operator gave them");

// A real shop keeps this key in its vault.
const pair = await crypto.subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, false, ["deriveBits"]);
const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", pair.publicKey);

async function openSession() {
	const response = await fetch(`${SCANNER_API}/v1/sessions`, {
		method: "POST",
		signal: AbortSignal.timeout(5000),
		headers: { authorization: "Basic " + Buffer.from(`${MERCHANT_ID}:${MERCHANT_KEY}`).toString("base64") },
		body: JSON.stringify({ origin: SHOP_ORIGIN, scans: 3, ...(MASK ? { mask: true, key: { kty, crv, x, y } } : {}) }),
	});
	if (response.status !== 201) throw new Error(`the scanner's server answered ${response.status}: ${(await response.text()).slice(0, 1024).trim()}`);
	return response.text();
}

// What is no JSON gives null: an error of JSON.parse quotes the text, and that may be a card number.
const parse = text => { try { return JSON.parse(text); } catch { return null; } };

// A compact JWE (RFC 7516) with ECDH-ES (RFC 7518, section 4.6) and A256GCM.
async function unseal(jwe) {
	const [head, , iv, box, tag] = jwe.split(".");
	const header = parse(Buffer.from(head, "base64url"));
	if (header?.alg !== "ECDH-ES" || header.enc !== "A256GCM") throw new Error("this is no sealed number");
	const curve = { name: "ECDH", namedCurve: "P-256" };
	const epk = await crypto.subtle.importKey("jwk", header.epk, curve, false, []);
	const secret = Buffer.from(await crypto.subtle.deriveBits({ ...curve, public: epk }, pair.privateKey, 256));
	const number = n => { const b = Buffer.alloc(4); b.writeUInt32BE(n); return b; };
	const info = Buffer.concat([number(1), secret, number(7), Buffer.from("A256GCM"), number(0), number(0), number(256)]);
	const key = await crypto.subtle.importKey("raw", await crypto.subtle.digest("SHA-256", info), "AES-GCM", false, ["decrypt"]);
	const data = Buffer.concat([Buffer.from(box, "base64url"), Buffer.from(tag, "base64url")]);
	const text = await crypto.subtle.decrypt({ name: "AES-GCM", iv: Buffer.from(iv, "base64url"), additionalData: Buffer.from(head) }, key, data);
	return parse(Buffer.from(text)) ?? {};
}

const body = async request => { let text = ""; for await (const part of request) { text += part; if (text.length > 8192) throw new Error("too long"); } return text; };

createServer(async (request, response) => {
	const answer = (status, type, text) => { response.writeHead(status, { "content-type": type, "cache-control": "no-store" }); response.end(text); };
	try {
		switch (`${request.method} ${request.url}`) {
		case "POST /session": return answer(200, "application/json", await openSession());
		case "POST /order": {
			const { number, time } = await unseal((await body(request)).trim());
			if (!(Date.now() / 1000 - time <= 600)) return answer(400, "text/plain", "of no time, or too old");
			return answer(200, "text/plain; charset=utf-8", `charged ${number.slice(0, 6)}${"•".repeat(number.length - 10)}${number.slice(-4)}\n`);
		}
		default: return answer(404, "text/plain", "not here");
		}
	} catch (error) {
		console.error(error.message); // never the body: it may hold a card number
		answer(502, "text/plain", "the shop's backend could not do that");
	}
}).listen(Number(PORT), "localhost", () => console.log(`the shop's backend listens at http://localhost:${PORT}`));
