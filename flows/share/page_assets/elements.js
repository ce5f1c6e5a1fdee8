/** Element: making elements and filling them. Text from outside only ever goes in as text. */

/**
 * Make an element. `class`, `text`, `testid`, `label` (for screen readers), `hint` (tooltip) and
 * `on` ({event: handler}) have their own meaning; anything else is an attribute.
 * @param {string} tag
 * @param {Record<string, any>} [attributes]
 * @param {...(Node | null)} children
 */
export function make(tag, attributes = {}, ...children) {
	const element = document.createElement(tag);
	const own = {
		class: (value) => (element.className = value),
		text: (value) => (element.textContent = value),
		testid: (value) => (element.dataset.testid = value),
		label: (value) => element.setAttribute("aria-label", value),
		hint: (value) => (element.title = value),
		on: (value) => Object.entries(value).forEach(([name, act]) => element.addEventListener(name, act)),
	};
	for (const [name, value] of Object.entries(attributes)) {
		if (value === null || value === undefined || value === false) continue;
		if (Object.hasOwn(own, name)) own[name](value);
		else element.setAttribute(name, value === true ? "" : String(value));
	}
	element.append(...children.filter((child) => child !== null));
	return element;
}

/** Set an element's text if it is another one: an unchanged text costs no layout. */
export function setText(element, text) {
	if (element.textContent !== text) element.textContent = text;
}

/** Set an attribute if it is another one; null and false take it away. */
export function setAttribute(element, name, value) {
	if (value === null || value === false) element.removeAttribute(name);
	else {
		const text = value === true ? "" : String(value);
		if (element.getAttribute(name) !== text) element.setAttribute(name, text);
	}
}

const SVG = "http://www.w3.org/2000/svg";

/**
 * Draw a sign in the colour of the text around it.
 * @param {string} lines a path on a grid of 20
 * @param {{size?: number, filled?: boolean}} [look]
 */
export function sign(lines, { size = 18, filled = false } = {}) {
	const svg = document.createElementNS(SVG, "svg");
	const path = document.createElementNS(SVG, "path");
	const set = (element, values) => {
		for (const [name, value] of Object.entries(values)) element.setAttribute(name, String(value));
	};
	set(svg, { viewBox: "0 0 20 20", width: size, height: size, "aria-hidden": "true" });
	set(path, {
		d: lines,
		fill: filled ? "currentColor" : "none",
		stroke: "currentColor",
		"stroke-width": 1.6,
		"stroke-linecap": "round",
		"stroke-linejoin": "round",
	});
	svg.append(path);
	return svg;
}
