/** Element: making elements and filling them. Text from outside only ever goes in as text. */

import { icon } from "./icons.js";

const NAMES = { testid: "data-testid", label: "aria-label", hint: "title" };

/** Make an element. `text` and `on` ({event: handler}) are its own, all else are attributes. */
export function make(tag, attributes = {}, ...children) {
	const element = document.createElement(tag);
	for (const [name, value] of Object.entries(attributes)) {
		if (value == null || value === false) continue;
		if (name === "text") element.textContent = value;
		else if (name === "on") {
			for (const [event, act] of Object.entries(value)) element.addEventListener(event, act);
		} else element.setAttribute(NAMES[name] ?? name, value === true ? "" : value);
	}
	element.append(...children.filter((child) => child != null));
	return element;
}

/** Copy a template. `parts`: the elements in it, by their `data-part`. */
export function clone(template) {
	const copy = template.content.cloneNode(true);
	for (const each of copy.querySelectorAll("[data-icon]")) each.prepend(icon(each.dataset.icon));
	const found = [...copy.querySelectorAll("[data-part]")];
	return { copy, parts: Object.fromEntries(found.map((each) => [each.dataset.part, each])) };
}

export function button(attributes, act, ...children) {
	return make("button", { type: "button", ...attributes, on: { click: act } }, ...children);
}

/** Set an element's text if it is another one: an unchanged text costs no layout. */
export function setText(element, text) {
	if (element.textContent !== text) element.textContent = text;
}

/** Set an attribute if it is another one; null takes it away. */
export function setAttribute(element, name, value) {
	const now = element.getAttribute(name);
	if (value === null) now === null || element.removeAttribute(name);
	else if (now !== String(value)) element.setAttribute(name, value);
}

export function load(address) {
	const known = document.querySelector(`[data-fanfold="${CSS.escape(address)}"]`);
	if (known) return known.whenLoaded;
	const element = /\.css(\?|$)/.test(address)
		? make("link", { rel: "stylesheet", href: address, "data-fanfold": address })
		: make("script", { src: address, "data-fanfold": address });
	element.whenLoaded = new Promise((resolve, reject) => {
		element.onload = () => resolve(undefined);
		element.onerror = () => {
			element.remove();
			reject(new Error(`“${address}” could not be loaded. Reload the page.`));
		};
	});
	document.head.append(element);
	return element.whenLoaded;
}

/** Listen; what it returns ends it. */
export function on(target, kind, hear, options) {
	target.addEventListener(kind, hear, options);
	return () => target.removeEventListener(kind, hear, options);
}

/** Let an act wait until the next frame is seen, and be done once for all its calls until then. */
export function afterFrame(act) {
	let waits = 0;
	const go = () => {
		waits = 0;
		act();
	};
	return () => (waits ||= requestAnimationFrame(() => setTimeout(go)));
}

const BEAT_MS = 100 / 3;

/** Wait so many beats. All that moves on a page moves on them: the browser draws one frame for it. */
export function onBeat(beats, act) {
	const every = beats * BEAT_MS;
	const wait = every - (performance.now() % every);
	return setTimeout(act, wait < BEAT_MS / 4 ? wait + every : wait);
}

export function apart(one, other) {
	return Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
}

/**
 * Follow the pointer while it is down. `end`: `kept` is false when the system took the pointer away.
 */
export function followPointer(move, end) {
	const stop = (event) => {
		for (const endListening of endings) endListening();
		end(event, event.type === "pointerup");
	};
	const endings = [
		on(window, "pointermove", move),
		...["pointerup", "pointercancel"].map((kind) => on(window, kind, stop)),
	];
}
