/** Lanes: the time of the run, a row for each node, growing as it is played. */

import { make, setAttribute, setText } from "./elements.js";
import { statusAt, sumsAt, triesAgain } from "./moment.js";
import { STATUS_WORDS, seconds, shorten } from "./words.js";

const STEPS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21600];
const MARK_PX = 68;
const LABEL_PX = 96;
const MOST_ITEMS = 200;

export class Lanes {
	/**
	 * @param {(key: string) => void} choose
	 * @param {(part: number) => void} seek 0 is the start of the run, 1 its end
	 */
	constructor(data, choose, seek) {
		this.data = data;
		this.run = data.run;
		this.span = Math.max(this.run.wall * 1.02, 0.1);
		this.names = new Map(data.cards.map((card) => [card.id, card.name]));
		this.unfolded = new Set();
		this.sums = new Sums(this.run.caveat);
		this.rows = make("div", { class: "lane-rows", testid: "lanes" });
		this.grid = make("div", { class: "lane-grid", "aria-hidden": "true" });
		this.head = make("div", { class: "playhead" });
		const field = make("div", { class: "time-field" }, this.grid, this.head);
		this.axis = make("div", { class: "axis", "aria-hidden": "true" });
		const sheet = make("div", { class: "lane-sheet" }, field, this.rows);
		const scroll = make("div", { class: "lane-scroll" }, sheet);
		this.element = make("div", { class: "chart" }, scroll, this.axis);
		this.axis.addEventListener("pointerdown", ({ clientX }) => {
			const { left, width } = this.axis.getBoundingClientRect();
			seek((((clientX - left) / width) * this.span) / this.run.wall);
		});
		this.rows.addEventListener("click", ({ target }) => {
			const key = target.closest(".lane")?.dataset.key;
			if (key && target.closest(".lane-fold")) this.fold(key);
			else if (key) choose(key);
		});
		this.keep();
		new ResizeObserver(() => this.measure()).observe(this.axis);
	}

	fold(key) {
		if (!this.unfolded.delete(key)) this.unfolded.add(key);
		this.keep();
		this.draw(this.at, this.selected);
	}

	/** Have a row for every node, stage by stage; unfolded, its items stand under it. */
	keep() {
		const staged = new Set(this.data.bands.flatMap((band) => band.nodes));
		const loose = Object.keys(this.run.parts).filter((key) => !key.includes("[") && !staged.has(key));
		const stages = [...this.data.bands.map((band) => band.nodes), loose].filter((keys) => keys.length);
		this.lanes = [];
		const groups = stages.map((keys, place) => {
			const lanes = keys.flatMap((key) => this.family(key));
			this.lanes.push(...lanes);
			const number = make("span", { class: "lane-stage-number", text: String(place + 1) });
			return make("div", { class: "lane-stage" }, number, ...lanes.map((lane) => lane.row));
		});
		this.rows.replaceChildren(...groups);
	}

	family(key) {
		const items = Object.keys(this.run.parts).filter((each) => each.startsWith(`${key}[`));
		const open = this.unfolded.has(key);
		const shown = open ? items.slice(0, MOST_ITEMS) : [];
		return [
			new Lane(key, this.names.get(key) ?? key, { count: items.length, open }),
			...shown.map((each, place) => new Lane(each, this.run.parts[each].message || `item ${place + 1}`, { count: 0, open })),
		];
	}

	measure() {
		const width = Math.max(this.axis.clientWidth, 1);
		if (width === this.width) return;
		this.width = width;
		const most = Math.max(Math.floor(width / MARK_PX), 2);
		const step = STEPS.find((each) => this.span / each <= most) ?? 86400;
		const marks = Array.from({ length: Math.floor(this.span / step) + 1 }, (_, place) => place * step);
		const draw = (name, at, text) => {
			const mark = make("span", { class: name, text });
			mark.style.left = `${(at / this.span) * 100}%`;
			return mark;
		};
		this.axis.replaceChildren(...marks.map((at) => draw("axis-mark", at, wordOf(at, step))));
		this.grid.replaceChildren(...marks.map((at) => draw("grid-line", at, "")));
		this.draw(this.at, this.selected);
	}

	draw(at, selected) {
		if (at === undefined) return;
		Object.assign(this, { at, selected });
		const { run, span, width } = this;
		const ended = at >= run.wall;
		const chain = new Set(ended ? run.chain : []);
		const scene = { at, span, width: width ?? 600, chain, selected };
		for (const lane of this.lanes) lane.draw(run.parts[lane.key], scene);
		this.head.style.left = `${(Math.min(at, run.wall) / span) * 100}%`;
		setAttribute(this.head, "hidden", ended);
		this.sums.draw(sumsAt(run, at), run);
	}
}

class Lane {
	constructor(key, name, { count, open }) {
		this.key = key;
		this.queue = make("span", { class: "lane-queue", hidden: true });
		this.bar = make("span", { class: "lane-bar", testid: `lane-${key}`, hidden: true });
		this.waits = make("span");
		this.words = make("span", { class: "lane-words" });
		const fold = { class: "lane-fold", testid: `fold-${key}`, text: `${open ? "−" : "+"} ${count}` };
		const label = make(
			"span",
			{ class: "lane-label" },
			make("span", { class: "lane-name", dir: "auto", text: shorten(name, 80) }),
			count ? make("span", fold) : null,
		);
		const track = make("span", { class: "lane-track" }, this.queue, this.bar, this.waits, this.words);
		const item = key.includes("[");
		this.row = make("button", { class: "lane", type: "button", "data-key": key, "data-item": item }, label, track);
	}

	draw(part, scene) {
		const { at } = scene;
		const status = statusAt(part, at);
		const look = status === "running" && triesAgain(part, at) ? "retry" : status;
		setAttribute(this.row, "data-look", look);
		setAttribute(this.row, "data-selected", this.key === scene.selected);
		setAttribute(this.row, "title", at >= (part?.ended ?? Infinity) ? part?.error || null : null);
		setAttribute(this.bar, "data-status", status);
		setAttribute(this.bar, "data-chain", scene.chain.has(this.key));
		const { queued, started } = part ?? {};
		const end = Math.min(at, part?.ended ?? at);
		const waited = queued === undefined || queued > at ? null : [queued, Math.min(started ?? end, end)];
		const worked = started === undefined || started > at ? null : [started, end];
		place(this.queue, waited, scene);
		place(this.bar, worked, scene);
		this.drawWaits(part, scene);
		this.drawWords(look, worked ?? waited, worked, scene, part);
	}

	drawWaits(part, { at, span }) {
		const waits = (part?.waits ?? []).filter((wait) => at >= wait.at);
		const seen = waits.map((wait) => Math.min(at, wait.at + wait.delay)).join();
		if (seen === this.seen) return;
		this.seen = seen;
		this.waits.replaceChildren(
			...waits.map((wait) => {
				const hint = `${wait.error} Tried again after ${seconds(wait.delay)}.`;
				const piece = make("span", { class: "lane-wait", hint });
				place(piece, [wait.at, Math.min(at, wait.at + wait.delay)], { span });
				return piece;
			}),
		);
	}

	drawWords(look, shown, worked, { span, width }, part) {
		setAttribute(this.words, "hidden", look === "idle");
		if (look === "idle") return;
		const said = look === "retry" ? "waits to try again" : STATUS_WORDS[look];
		setText(this.words, [said, worked ? seconds(worked[1] - worked[0]) : ""].filter(Boolean).join(" "));
		const [start, end] = shown ?? [part?.ended ?? 0, part?.ended ?? 0];
		const from = Math.max(start, ...(part?.waits ?? []).map((wait) => Math.min(end, wait.at + wait.delay)));
		const long = worked !== null && ((end - from) / span) * width > LABEL_PX;
		const late = (end / span) * width > width - LABEL_PX;
		const where = long ? "in" : late ? "before" : "after";
		setAttribute(this.words, "data-place", where);
		this.words.style.left = `${((where === "in" ? from : where === "after" ? end : start) / span) * 100}%`;
	}
}

function place(element, time, { span }) {
	setAttribute(element, "hidden", time === null);
	if (time === null) return;
	element.style.left = `${(time[0] / span) * 100}%`;
	element.style.width = `${(Math.max(time[1] - time[0], 0) / span) * 100}%`;
}

function wordOf(at, step) {
	if (at === 0) return "0";
	if (step < 1) return `${at.toFixed(1)} s`;
	if (at < 120) return `${at} s`;
	const rest = Math.round(at % 60);
	const minutes = Math.floor(at / 60);
	return rest ? `${minutes}:${String(rest).padStart(2, "0")} min` : `${minutes} min`;
}

const SUMS = {
	wall: ["Wall", "From the first moment of the run to its last."],
	sequential: ["Sum of calls", "The nodes' own times added up."],
	overlap: [
		"Overlap",
		"Sum of calls ÷ wall: how much ran side by side. It is no speed-up: " +
			"calls that share a processor slow each other down.",
	],
	critical: [
		"Critical path",
		"The longest chain of nodes that waited for each other. Their bars are underlined.",
	],
};

const HINTS = {
	"one shared processor": "Parallel calls of the embedded model share one processor and slow each other down.",
};

/** What the run had taken by then, in one line, with what has to be said beside it. */
class Sums {
	constructor(caveat) {
		this.values = {};
		const sums = Object.entries(SUMS).map(([key, [word, hint]]) => {
			this.values[key] = make("b", { testid: `sum-${key}` });
			return make("span", { class: "sum", hint }, make("span", { text: word }), this.values[key]);
		});
		const beside = caveat ? make("span", { class: "sum", testid: "caveat", text: caveat, hint: HINTS[caveat] }) : null;
		this.element = make("div", { class: "sums", testid: "sums" }, ...sums, beside);
	}

	draw({ wall, sequential, overlap, critical }) {
		setText(this.values.wall, seconds(wall));
		setText(this.values.sequential, seconds(sequential));
		setText(this.values.overlap, `${overlap.toFixed(1)}×`);
		setText(this.values.critical, critical === null ? "–" : seconds(critical));
	}
}
