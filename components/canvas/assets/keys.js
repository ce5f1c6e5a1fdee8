/** Key: what a press asks of the canvas, as the list of shortcuts in the page says. */

import { on } from "../live/dom.js";

const BESIDE = ".st-key-inspector :not([aria-expanded=true]), .ff-head :is(input, textarea), .ff-result-body";

/** Say whether keys and the clipboard are the canvas's: the focus is in it, or nowhere. */
export function isOurs(stage) {
	const place = document.activeElement;
	const ours = stage.contains(place) || place === document.body;
	return ours && stage.isConnected && !place.closest("input, textarea, select, [contenteditable]");
}

export function hearKeys({ stage, keys: list }, desk) {
	const rows = [...list.querySelectorAll("[data-does]")].map((row) => row.dataset);
	const hear = (event) => {
		// What is typed is kept by an Enter that nobody pressed.
		if (!event.isTrusted || event.isComposing || event.altKey) return;
		const place = document.activeElement;
		const canvas = isOurs(stage);
		const at = {
			canvas,
			in: canvas && stage.contains(place),
			card: canvas && place.closest(".ff-card"),
			beside: place.matches(BESIDE),
			page: !place.closest("dialog, [role=dialog]"),
		};
		const name = nameOf(event);
		const found = rows.find(({ keys, where }) => at[where] && keys.split(" ").includes(name));
		if (!(canvas && desk.canvas.menu.walk(event))) {
			if (!found) return;
			desk[found.does](event);
		}
		event.preventDefault();
		// The field hears of it: it hands in its text.
		if (found?.where !== "page") event.stopPropagation();
	};
	return on(document, "keydown", hear, { capture: true });
}

function nameOf({ key, ctrlKey, metaKey, shiftKey }) {
	const plain = key.startsWith("Arrow") ? "Arrow" : key === " " ? "Space" : key;
	const name = plain.length === 1 ? plain.toUpperCase() : plain;
	// A sign has its shift in itself.
	const shift = shiftKey && /^[A-Z]/.test(name);
	return (ctrlKey || metaKey ? "Ctrl+" : "") + (shift ? "Shift+" : "") + name;
}
