/** What a scan found. Exactly one of `number` and `sealed` is there. */
export interface BankCardScan {
	/** 12 to 19 digits without spaces. Missing in the masked mode. */
	number?: string;
	/** The masked mode's result: a compact JWE (ECDH-ES, A256GCM) of `{"number", "session", "time"}`, for the shop's backend. */
	sealed?: string;
	/** First six and last four digits, `•` between them. */
	masked: string;
	/** The network by its IIN, such as "Visa", or "" when unknown. */
	brand: string;
	/** Whether the check digit fits. Advice, not a verdict: specimens and some real cards fail. */
	luhn: boolean;
	/** The card's corners in pixels of the picture, left-top first, clockwise on the upright card; empty when it was typed. */
	bound: [number, number][];
	/** 0 to 1, as the embedded engine calibrates it; 1 when the shopper typed or corrected it; 0 when Face++ read it, which gives none. */
	confidence: number;
}

/**
 * Why a scan failed. The message is for developers; tell the shopper to type the number.
 * - `unreachable`: the scanner does not answer, or a script of it can't be loaded
 * - `integrity`: a file of the scanner is not the one that was published, so it was not used
 * - `session`: the function that should give a token failed, as the message says, or what was given is no token
 * - `origin`: the session names another origin than this page's, or there is none, and not both are on localhost; or the page
 *   has no origin, as in a sandbox without `allow-same-origin` or from a file
 * - `mask`: the masked mode was asked for with a session that names no key
 * - `ended`: the scanner broke off, as for want of memory
 * - `seal`: the number could not be sealed for that key
 */
export interface BankCardError { code: string; message: string; }

/** All bubble, out of shadow trees too. Each of the last three comes when the scanner has closed. */
export interface BankCardScannerEventMap extends HTMLElementEventMap {
	/** The scanner stands in its frame, with or without a camera. */
	"bankcard-ready": CustomEvent<Record<string, never>>;
	/** After the input was filled. */
	"bankcard-scan": CustomEvent<BankCardScan>;
	/** The shopper closed it, or a dialog's element was hidden. Not where your page calls `close()`, or takes the element away or elsewhere. */
	"bankcard-cancel": CustomEvent<Record<string, never>>;
	"bankcard-error": CustomEvent<BankCardError>;
}

/**
 * `<bank-card-scanner>`. What stands between its tags is on the button in place of its words. Attributes:
 * - `src`: the scanner's folder; default: where scanner.js came from
 * - `session`: a token of `POST /v1/sessions` or signed by the shop's backend
 * - `mode`: `dialog` (default) or `inline`, which opens by itself, and ends and opens anew when it is hidden and shown
 * - `lang` (default: the page's, or the browser's), `theme` (`light` or `dark`; default: the system's), `read` (`server`, `device`, `both`; a session's policy goes first)
 * - `mask`: insist on the masked mode
 * - `fill`: put the number into an input: a selector, or nothing for the form's `autocomplete="cc-number"`;
 *   in the masked mode there is none to put there
 *
 * `mode`, and the `src` of an inline one, count at once, the others from the next opening on. `fill` and `mask` may be "true", as
 * some frameworks write them, or "false", which is as without.
 *
 * CSS: `--bankcard-accent`, `--bankcard-accent-ink` (default: white), `--bankcard-radius`; parts `button`, `dialog`, `frame`, `close`.
 * In the frame the accent also colours words and lines, on white or, in the dark theme, on #141920: darker or lighter than it is where
 * it could not be read. Browsers from before 2024 take it as it is: for them, give each theme its own, or set `theme`.
 */
export declare class BankCardScanner extends HTMLElement {
	/** As the attribute. */
	mode: "dialog" | "inline";
	readonly isOpen: boolean;
	/** As the attribute; read, it is the whole address. */
	src: string;
	/** A token, or a function that fetches a fresh one for each opening; the attribute takes a token alone. An inline element asks as soon as it is in the page. */
	session: string | (() => string | Promise<string>);
	/**
	 * Needs no click, and is done when the scanner begins to load: events tell the rest. Does nothing while it is open.
	 * Opens nothing where the element is hidden, as by `display: none`: a button of the shop's own goes with `::part(button)` hidden.
	 */
	open(): Promise<void>;
	close(): void;
	addEventListener<K extends keyof BankCardScannerEventMap>(type: K, listener: (this: BankCardScanner, event: BankCardScannerEventMap[K]) => void, options?: boolean | AddEventListenerOptions): void;
	addEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions): void;
	removeEventListener<K extends keyof BankCardScannerEventMap>(type: K, listener: (this: BankCardScanner, event: BankCardScannerEventMap[K]) => void, options?: boolean | EventListenerOptions): void;
	removeEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | EventListenerOptions): void;
}

declare global {
	interface HTMLElementTagNameMap { "bank-card-scanner": BankCardScanner; }
}
