/** Bands: the stages behind the cards, each with its head. */

import { make, setAttribute, setText } from "../live/dom.js";
import { around, cardRect, overlap } from "./geometry.js";

const SIDE = 34;
const ABOVE = 46;
const BELOW = 24;
const LARGEST_HEAD = 1.9;

/**
 * Lay the bands out: columns of one height where the stages stand side by side; where cards are
 * placed otherwise, each stage around its own cards.
 * @param {import("./geometry.js").Point[][]} stages the centres of each stage's cards
 */
export function layBands(stages) {
	const rects = stages.map((centres) => around(centres.map((centre) => cardRect(centre))));
	const known = rects.filter((rect) => rect !== null);
	const all = around(known);
	if (!all) return rects;
	const columns = known.map((rect) => ({ ...all, left: rect.left, right: rect.right }));
	const apart = columns.every((one, place) =>
		columns.slice(place + 1).every((other) => !overlap(one, other)),
	);
	const band = (rect) => (apart ? { ...all, left: rect.left, right: rect.right } : rect);
	return rects.map((rect) => rect && widen(band(rect)));
}

function widen({ left, top, right, bottom }) {
	return { left: left - SIDE, top: top - ABOVE, right: right + SIDE, bottom: bottom + BELOW };
}

export class Bands {
	constructor(layer, board) {
		this.layer = layer;
		this.board = board;
		this.bands = [];
		this.stages = [];
		this.seen = "";
	}

	show(stages, heads, statuses) {
		if (stages !== this.stages) this.seen = "";
		this.stages = stages;
		while (this.bands.length > stages.length) this.bands.pop()?.band.remove();
		while (this.bands.length < stages.length) this.bands.push(this.add(this.bands.length + 1));
		stages.forEach((stage, place) => {
			const { band, name, live } = this.bands[place];
			const running = stage.filter((id) => statuses.get(id) === "running").length;
			setText(name, heads[place] ?? `Stage ${place + 1}`);
			setText(live, running ? `${running} running` : "");
			setAttribute(live, "hidden", running ? null : "");
			setAttribute(band, "data-running", running ? String(running) : null);
		});
		if (!this.seen) this.follow();
	}

	add(number) {
		const name = make("span", { class: "ff-band-name" });
		const live = make("span", { class: "ff-band-live", hidden: true });
		const head = make("div", { class: "ff-band-head", testid: `stage-${number}` }, name, live);
		const band = make("div", { class: "ff-band" }, head);
		this.layer.append(band);
		return { band, name, live };
	}

	/** Follow the board's view, and the cards while they are dragged. */
	follow() {
		const { scale, x, y } = this.board.view;
		const centres = this.stages.map((stage) =>
			stage.map((id) => this.board.at(id)).filter((at) => at !== null),
		);
		const seen = [scale, x, y, ...centres.flat().map((at) => `${at.x} ${at.y}`)].join();
		if (seen === this.seen) return;
		this.seen = seen;
		this.layer.style.transform = `translate(${x}px, ${y}px) scale(${scale})`;
		this.layer.style.setProperty("--ff-head-scale", String(clamp(0.86 / scale, 1, LARGEST_HEAD)));
		layBands(centres).forEach((rect, place) => {
			const { band } = this.bands[place];
			setAttribute(band, "hidden", rect ? null : "");
			if (!rect) return;
			band.style.transform = `translate(${rect.left}px, ${rect.top}px)`;
			band.style.width = `${rect.right - rect.left}px`;
			band.style.height = `${rect.bottom - rect.top}px`;
		});
	}
}

function clamp(value, least, most) {
	return Math.min(Math.max(value, least), most);
}
