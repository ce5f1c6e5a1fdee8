/** Bands: the stages behind the cards, each with its head. */

import { clone, setAttribute, setText } from "../live/dom.js";
import { around, cardRect, clamp, overlap } from "./geometry.js";

const SIDE = 34;
const ABOVE = 42;
const BELOW = 14;
const LARGEST_HEAD = 2.2;

/**
 * Lay the bands out: columns of one height where the stages stand side by side; else each around
 * its own cards. `stages`: the centres of their cards; `head`: how much larger than usual heads are.
 */
export function layBands(stages, head = 1) {
	const rects = stages.map((centres) => around(centres.map((centre) => cardRect(centre))));
	const known = rects.filter((rect) => rect !== null);
	const all = around(known);
	if (!all) return rects;
	const columns = known.map((rect) => ({ ...all, left: rect.left, right: rect.right }));
	const apart = columns.every((one, place) =>
		columns.slice(place + 1).every((other) => !overlap(one, other)),
	);
	const band = (rect) => (apart ? { ...all, left: rect.left, right: rect.right } : rect);
	return rects.map((rect) => rect && widen(band(rect), apart ? ABOVE * head : ABOVE));
}

function widen({ left, top, right, bottom }, above) {
	return { left: left - SIDE, top: top - above, right: right + SIDE, bottom: bottom + BELOW };
}

export class Bands {
	constructor({ bands, heads, stageBand }, board) {
		this.layers = [bands, heads];
		this.template = stageBand;
		this.board = board;
		this.bands = [];
		this.stages = [];
		this.seen = "";
	}

	/** `hint`: what a click on a head does; `told`: nodes of the stage that is presented. */
	show(stages, heads, statuses, hint, told) {
		if (stages !== this.stages) this.seen = "";
		this.stages = stages;
		while (this.bands.length > stages.length) {
			const { band, head } = this.bands.pop();
			band.remove();
			head.remove();
		}
		while (this.bands.length < stages.length) this.bands.push(this.add(this.bands.length + 1));
		stages.forEach((stage, place) => {
			const { band, head, name, live } = this.bands[place];
			const running = stage.filter((id) => statuses.get(id) === "running").length;
			const words = heads[place];
			setText(name, words);
			setText(live, running ? `${running} running` : "");
			live.hidden = !running;
			setAttribute(head, "title", `${words}${hint}`);
			setAttribute(band, "data-running", running || null);
			setAttribute(band, "data-told", stage.includes(told?.[0]) || null);
		});
		if (!this.seen) this.follow();
	}

	choose(selected) {
		this.bands.forEach(({ band, head }, place) => {
			const chosen = selected.has(`stage:${place + 1}`);
			for (const each of [band, head]) setAttribute(each, "data-selected", chosen || null);
		});
	}

	add(number) {
		const { parts } = clone(this.template);
		Object.assign(parts.head.dataset, { testid: `stage-${number}`, stage: number });
		this.layers[0].append(parts.band);
		this.layers[1].append(parts.head);
		return parts;
	}

	follow() {
		const { view } = this.board;
		const centres = this.stages.map((stage) => Object.values(this.board.positions(stage)));
		const seen = JSON.stringify([view, centres]);
		if (seen === this.seen) return;
		this.seen = seen;
		const larger = clamp(0.86 / view.scale, Math.min(1, 1 / view.scale), LARGEST_HEAD);
		for (const layer of this.layers) this.board.lay(layer);
		layBands(centres, larger).forEach((rect, number) => {
			const { band, head } = this.bands[number];
			band.hidden = head.hidden = !rect;
			if (!rect) return;
			const width = rect.right - rect.left;
			const place = `transform: translate(${rect.left}px, ${rect.top}px)`;
			band.style.cssText = `${place}; width: ${width}px; height: ${rect.bottom - rect.top}px`;
			head.style.cssText = `${place} scale(${larger}); width: ${width / larger}px`;
		});
	}
}
