/** Element: making elements and filling them. Text from outside only ever goes in as text. */

import { icon } from "./icons.js";

/**
 * Make an element. `class`, `text`, `testid`, `label` (for screen readers), `hint` (tooltip) and
 * `on` ({event: handler}) have their own meaning; anything else is an attribute.
 */
export function make(tag, attributes = {}, ...children) {
	const element = document.createElement(tag);
	for (const [name, value] of Object.entries(attributes)) {
		if (value === undefined || value === null || value === false) continue;
		if (name === "class") element.className = value;
		else if (name === "text") element.textContent = value;
		else if (name === "testid") element.dataset.testid = value;
		else if (name === "label") element.setAttribute("aria-label", value);
		else if (name === "hint") element.title = value;
		else if (name === "on") {
			for (const [event, act] of Object.entries(value)) element.addEventListener(event, act);
		} else element.setAttribute(name, value === true ? "" : String(value));
	}
	element.append(...children.filter((child) => child !== null && child !== undefined));
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
	else if (now !== String(value)) element.setAttribute(name, String(value));
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
