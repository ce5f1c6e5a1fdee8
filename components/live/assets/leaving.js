/** Leaving: a link to another page is pressed. All that rests is sent before the page changes:
 * what is sent later would ask for this page again, and the press would be lost. */

/** Streamlit sends what was typed a moment after the field is left; later on a busy machine. */
const SENT_MS = 80;
const BUSY_MS = 400;
const PATIENCE_MS = 10_000;

let until = 0;
let passing = null;
const senders = new Set();

window.addEventListener("click", leave, { capture: true });

function leave(event) {
	const link = event.target.closest?.("a[href]");
	const elsewhere = event.button || event.ctrlKey || event.metaKey || event.shiftKey;
	if (!link || elsewhere || link.pathname === location.pathname) return;
	if (link.host !== location.host || !senders.size) return;
	if (link === passing) {
		until = performance.now() + PATIENCE_MS;
		return;
	}
	event.preventDefault();
	event.stopImmediatePropagation();
	for (const send of senders) send();
	passing = link;
	const go = () => {
		link.click();
		passing = null;
	};
	const whenIdle = window.requestIdleCallback ?? setTimeout;
	setTimeout(() => whenIdle(go, { timeout: BUSY_MS }), SENT_MS);
}

export function leavingFor() {
	return Math.max(until - performance.now(), 0);
}

export function arrive(send) {
	until = 0;
	senders.add(send);
	return () => senders.delete(send);
}
