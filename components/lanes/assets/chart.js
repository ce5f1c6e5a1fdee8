/** Chart: all lanes over one axis of time, with a cursor that tells the exact moment. */

import { make, setAttribute, setText } from "../live/dom.js";
import { Lane } from "./lane.js";
import { marksOf, spanOf } from "./scale.js";

/** More rows than these nobody reads; the sums count them all. */
const MOST_ITEMS = 200;

/**
 * @typedef {{stages: string[][], nodes: Map<string, {name: string}>,
 *   live: import("../live/live.js").Live, selected: Set<string>}} Scene
 */

export class Chart {
	constructor(choose) {
		this.rows = make("div", { class: "ff-lane-rows", testid: "lanes" });
		this.axis = make("div", { class: "ff-axis", "aria-hidden": "true" });
		this.grid = make("div", { class: "ff-lane-grid", "aria-hidden": "true" });
		this.time = make("span", { class: "ff-cursor-time" });
		this.cursor = make("div", { class: "ff-cursor", hidden: true }, this.time);
		this.field = make("div", { class: "ff-field-of-time" }, this.grid, this.cursor);
		this.empty = make("p", {
			class: "ff-lanes-empty",
			text: "Press Run: every agent gets a lane, and time runs to the right.",
		});
		this.scroll = make("div", { class: "ff-lane-scroll" }, this.field, this.rows, this.empty);
		this.element = make("div", { class: "ff-chart" }, this.scroll, this.axis);
		this.lanes = new Map();
		/** @type {Set<string>} the `for_each` nodes whose items are shown */
		this.unfolded = new Set();
		this.order = "";
		this.marks = "";
		this.span = 1;
		this.width = 1;
		this.rows.addEventListener("click", (event) => {
			const row = event.target.closest(".ff-lane");
			if (event.target.closest(".ff-lane-fold")) this.fold(row.dataset.key);
			else if (row) choose(row.dataset.key);
		});
		this.element.addEventListener("pointermove", (event) => this.point(event));
		this.element.addEventListener("pointerleave", () => (this.cursor.hidden = true));
	}

	/** Let the bars of what runs grow; all else is as it was, unless more time must be shown. */
	grow(scene) {
		const { live } = scene;
		if (spanOf(live.now(), live.busy) !== this.span) this.draw(scene);
		else this.drawLanes(scene, (key) => live.nodes[key]?.status === "running");
	}

	/** Learn how much room there is; called when it changes, as asking is dear. */
	measure() {
		this.width = Math.max(this.axis.clientWidth, 1);
	}

	draw(scene) {
		const { live } = scene;
		this.keep(scene);
		this.span = spanOf(live.now(), live.busy);
		this.drawAxis(this.width);
		this.drawLanes(scene, () => true);
		const blank = !live.run && !live.armed;
		setAttribute(this.element, "data-blank", blank ? "" : null);
		this.empty.hidden = !blank || !live.heard;
	}

	drawLanes({ live, nodes, selected }, wanted) {
		const now = live.now();
		const going = live.busy;
		const critical = new Set(going ? [] : live.run?.critical_path ?? []);
		for (const [key, lane] of this.lanes) {
			if (!wanted(key)) continue;
			const item = key.split("[")[1];
			const node = item ? { name: `item ${parseInt(item, 10) + 1}` } : nodes.get(key);
			lane.draw(node ?? { name: key }, live.nodes[key], {
				count: live.countOf(key),
				open: this.unfolded.has(key),
				now,
				span: this.span,
				width: this.width,
				critical: critical.has(key),
				selected: selected.has(key),
			});
		}
	}

	/** Show the items of a node, or hide them. */
	fold(key) {
		if (!this.unfolded.delete(key)) this.unfolded.add(key);
		this.draw(this.scene);
	}

	/** Have a row for every node, stage by stage; unfolded, its items stand under it. */
	keep(scene) {
		this.scene = scene;
		const items = (key) => (this.unfolded.has(key) ? scene.live.itemsOf(key) : []);
		const family = (key) => [key, ...items(key).slice(0, MOST_ITEMS)];
		const stages = scene.stages.map((stage) => stage.flatMap(family));
		const order = JSON.stringify(stages);
		if (order === this.order) return;
		this.order = order;
		const known = this.lanes;
		this.lanes = new Map(stages.flat().map((key) => [key, known.get(key) ?? new Lane(key)]));
		const groups = stages.map((stage, place) => {
			const number = { class: "ff-lane-stage-number", hint: `Stage ${place + 1}`, text: place + 1 };
			const rows = stage.map((key) => this.lanes.get(key).row);
			return make("div", { class: "ff-lane-stage" }, make("span", number), ...rows);
		});
		this.rows.replaceChildren(...groups);
	}

	drawAxis(width) {
		const key = `${this.span} ${width}`;
		if (key === this.marks) return;
		this.marks = key;
		const marks = marksOf(this.span, width);
		const draw = (name, { at, word }) =>
			make("span", { class: name, style: `left: ${(at / this.span) * 100}%`, text: word });
		this.axis.replaceChildren(...marks.map((mark) => draw("ff-mark", mark)));
		this.grid.replaceChildren(...marks.map(({ at }) => draw("ff-grid-line", { at })));
	}

	point(event) {
		const box = this.field.getBoundingClientRect();
		const part = (event.clientX - box.left) / Math.max(box.width, 1);
		this.cursor.hidden = part < 0 || part > 1 || this.element.hasAttribute("data-blank");
		this.cursor.style.left = `${part * 100}%`;
		this.cursor.classList.toggle("ff-cursor-late", part > 0.86);
		setText(this.time, `${(part * this.span).toFixed(this.span < 20 ? 2 : 1)} s`);
	}
}
