/** Skeleton: the layers of the canvas, from the ground up. */

import { make } from "../live/dom.js";

/**
 * @param {HTMLElement} frame the element Python made, with its height
 */
export function buildSkeleton(frame) {
	const head = make("div", { class: "ff-head" });
	const grid = make("div", { class: "ff-grid" });
	const bands = make("div", { class: "ff-layer ff-bands" });
	const vis = make("div", { class: "ff-vis" });
	const dots = make("canvas", { class: "ff-dots", "aria-hidden": "true" });
	const cards = make("div", { class: "ff-layer ff-cards" });
	const wire = make("div", { class: "ff-wire" });
	const edges = make("div", { class: "ff-edges", hidden: true });
	const hud = make("div", { class: "ff-hud" });
	const stage = make(
		"div",
		{
			class: "ff-stage",
			tabindex: "-1",
			role: "group",
			label: "Canvas. Tab walks the cards; Delete removes, Ctrl+Z takes back.",
		},
		grid,
		bands,
		vis,
		dots,
		cards,
		wire,
		hud,
		edges,
	);
	const root = make("div", { class: "ff-canvas", testid: "canvas" }, head, stage);
	frame.replaceChildren(root);
	return { root, head, stage, grid, bands, vis, dots, cards, wire, edges, hud };
}

/** @typedef {ReturnType<typeof buildSkeleton>} Skeleton */
