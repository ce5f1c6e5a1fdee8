/** Icon: small line drawings on a grid of 20, so that no glyph of a font is needed. */

const SVG = "http://www.w3.org/2000/svg";
const SHEET = new URL("icons.svg", import.meta.url).href;

export function icon(name, size = 18) {
	const svg = document.createElementNS(SVG, "svg");
	const values = { class: "ff-icon", width: size, height: size, "aria-hidden": "true" };
	for (const [key, value] of Object.entries(values)) svg.setAttribute(key, value);
	const use = document.createElementNS(SVG, "use");
	use.setAttribute("href", `${SHEET}#${name}`);
	svg.append(use);
	return svg;
}
