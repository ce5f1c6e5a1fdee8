/** Icon: small line drawings on a grid of 20, so that no glyph of a font is needed. */

const SHAPES = {
	input: "M4 5.5h12M4 10h8M4 14.5h5",
	agent: "M10 3.2l1.7 4.3 4.3 1.7-4.3 1.7L10 15.2l-1.7-4.3L4 9.2l4.3-1.7zM15.6 13.6l.7 1.7 1.7.7-1.7.7-.7 1.7-.7-1.7-1.7-.7 1.7-.7z",
	join: "M3.5 5h3.2c2.6 0 3.3 5 6 5h3.8M3.5 15h3.2c2.6 0 3.3-5 6-5M13.8 7.2L16.6 10l-2.8 2.8",
	router: "M3.5 10h3.8c2.6 0 3.3-5 6-5h3.2M7.3 10c2.6 0 3.3 5 6 5h3.2M14 2.6L16.5 5 14 7.4M14 12.6l2.5 2.4-2.5 2.4",
	approval: "M10 2.8l6 2.2v4.6c0 3.8-2.5 6.3-6 7.6-3.5-1.3-6-3.8-6-7.6V5zM7.3 10l2 2 3.6-3.8",
	play: "M6.5 4.3v11.4l9-5.7z",
	stop: "M5.8 5.8h8.4v8.4H5.8z",
	undo: "M7 4.5L3.5 8 7 11.5M3.8 8h7.7a4.2 4.2 0 010 8.4H8",
	redo: "M13 4.5L16.5 8 13 11.5M16.2 8H8.5a4.2 4.2 0 000 8.4H12",
	fit: "M3.5 7.5v-4h4M16.5 7.5v-4h-4M3.5 12.5v4h4M16.5 12.5v4h-4",
	layout: "M3.5 4h4.2v4.2H3.5zM3.5 11.8h4.2V16H3.5zM12.3 7.9h4.2v4.2h-4.2zM7.7 6.1h2.3v7.8H7.7M10 10h2.3",
	delete: "M4 5.8h12M8 5.8V3.7h4v2.1M5.4 5.8l.8 10.5h7.6l.8-10.5M8.4 8.6v5M11.6 8.6v5",
	plus: "M10 4.5v11M4.5 10h11",
	minus: "M4.5 10h11",
	close: "M5.5 5.5l9 9M14.5 5.5l-9 9",
	warning: "M10 3.4l7.2 12.8H2.8zM10 8.2v3.6M10 13.8v.2",
	copy: "M7.2 7.2h8.6v8.6H7.2zM4.2 12.8V4.2h8.6",
	done: "M4.5 10.5l3.6 3.6 7.4-8",
};

const FILLED = new Set(["play", "stop"]);
const SVG = "http://www.w3.org/2000/svg";

/**
 * Draw an icon in the colour of the text around it; an unknown name draws the agent's.
 * @param {number} [size] pixels
 */
export function icon(name, size = 18) {
	const svg = document.createElementNS(SVG, "svg");
	const known = Object.hasOwn(SHAPES, name) ? name : "agent";
	const values = { viewBox: "0 0 20 20", width: size, height: size, "aria-hidden": "true" };
	for (const [key, value] of Object.entries(values)) svg.setAttribute(key, String(value));
	const path = document.createElementNS(SVG, "path");
	path.setAttribute("d", SHAPES[known]);
	const filled = FILLED.has(known);
	path.setAttribute("fill", filled ? "currentColor" : "none");
	path.setAttribute("stroke", "currentColor");
	path.setAttribute("stroke-width", "1.6");
	path.setAttribute("stroke-linecap", "round");
	path.setAttribute("stroke-linejoin", "round");
	svg.append(path);
	return svg;
}
