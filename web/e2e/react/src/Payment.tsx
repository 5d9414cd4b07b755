// A payment form as a React shop would write it: a controlled input, the element by its types, one listener.
import { useEffect, useRef, useState, type DetailedHTMLProps, type HTMLAttributes } from "react";
import type { BankCardScan, BankCardScanner } from "../../../scanner";

declare module "react" {
	namespace JSX {
		interface IntrinsicElements {
			"bank-card-scanner": DetailedHTMLProps<HTMLAttributes<BankCardScanner>, BankCardScanner> & { fill?: string; session?: string; mode?: "dialog" | "inline"; theme?: "light" | "dark" };
		}
	}
}

export function Payment() {
	const scanner = useRef<BankCardScanner>(null);
	const [number, setNumber] = useState("");
	const [scan, setScan] = useState<BankCardScan>();

	useEffect(() => {
		const element = scanner.current!;
		element.session = async () => (await (await fetch("/session", { method: "POST" })).json()).session;
		const done = (event: CustomEvent<BankCardScan>) => setScan(event.detail);
		element.addEventListener("bankcard-scan", done);
		return () => element.removeEventListener("bankcard-scan", done);
	}, []);

	return (
		<form>
			<bank-card-scanner ref={scanner} mode="dialog" fill="" />
			<label>Card number <input autoComplete="cc-number" value={number} onChange={event => setNumber(event.target.value)} /></label>
			<output id="state">{number}</output>
			<output id="brand">{scan?.brand}</output>
		</form>
	);
}
