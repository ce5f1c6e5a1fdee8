/** Skeleton: the layers of the canvas, from the ground up. */

import { make } from "../live/dom.js";

/** @param {HTMLElement} frame the element Python made, with its height */
export function buildSkeleton(frame) {
	const layer = (name, more = "") => make("div", { class: `ff-${name}${more}` });
	const parts = {
		grid: layer("grid"),
		bands: layer("bands", " ff-layer"),
		vis: layer("vis"),
		dots: make("canvas", { class: "ff-dots", "aria-hidden": "true" }),
		heads: layer("heads", " ff-layer"),
		cards: layer("cards", " ff-layer"),
		wire: layer("wire"),
		hud: layer("hud"),
		edges: make("div", { hidden: true }),
	};
	const label = "Canvas. Tab walks the cards, ? lists the keys.";
	const attributes = { class: "ff-stage", tabindex: "-1", role: "group", label };
	const stage = make("div", attributes, ...Object.values(parts));
	const head = layer("head");
	const root = make("div", { class: "ff-canvas", testid: "canvas" }, head, stage);
	frame.replaceChildren(root);
	return { ...parts, root, head, stage };
}
