// The demonstration shop's own script: what a shop would write around <bank-card-scanner>.
const form = document.getElementById("checkout");
const number = document.getElementById("number");
const network = document.querySelector(".network");
const said = document.getElementById("said");
const scanner = document.querySelector("bank-card-scanner");

const nameOf = field => field.labels[0].firstChild.data.trim();
const say = (text, trouble = false) => { said.textContent = text; said.classList.toggle("trouble", trouble); };

// A shop with sessions fetches one from its own backend for each opening of the scanner.
const endpoint = document.querySelector('meta[name="session-endpoint"]').content;
if (endpoint) {
	scanner.session = async () => {
		const response = await fetch(endpoint, { method: "POST" });
		if (!response.ok) throw new Error(`the session endpoint answered ${response.status}`);
		return (await response.json()).session;
	};
}

// The line that is pressed makes room for the fields, and the keyboard goes on in them.
document.querySelector("summary").addEventListener("click", () => setTimeout(() => form.elements.name.focus()));

// Digits in groups while typing, as cards print them.
number.addEventListener("input", () => {
	const digits = number.value.replace(/\D/g, "").slice(0, 19);
	const american = /^3[47]/.test(digits);
	number.value = (american ? digits.replace(/^(.{4})(.{1,6})(.*)$/, "$1 $2 $3") : digits.replace(/(.{4})(?=.)/g, "$1 ")).trim();
	number.removeAttribute("aria-invalid");
	network.textContent = "";
	delete form.dataset.sealed; // of a card that was scanned before: this number is typed
});

scanner.addEventListener("bankcard-scan", ({ detail }) => {
	network.textContent = detail.brand;
	if (detail.sealed) {
		number.value = detail.masked;
		number.removeAttribute("aria-invalid");
		form.dataset.sealed = detail.sealed; // goes to the backend with the order; this page can't open it
	}
	say(detail.luhn ? "Card number filled in." : "Card number filled in. Please compare it with your card: a digit may be wrong.");
	form.elements.expiry.focus();
});
scanner.addEventListener("bankcard-cancel", () => say(""));
scanner.addEventListener("bankcard-error", ({ detail }) => {
	console.warn(`bank-card-scanner, ${detail.code}: ${detail.message}`); // for developers
	say("The scanner can’t be used just now. Please type the number.", true);
});

form.addEventListener("submit", event => {
	event.preventDefault();
	const missing = [...form.elements].filter(field => field.required && !field.value.trim());
	for (const field of form.elements) field.removeAttribute("aria-invalid");
	for (const field of missing) field.setAttribute("aria-invalid", "true");
	if (missing.length) { missing[0].closest("details")?.setAttribute("open", ""); missing[0].focus(); say(`Please fill in: ${missing.map(nameOf).join(", ")}.`, true); return; }
	say("Thank you! In a real shop your coffee would be on its way.");
});
