/** Chart: all lanes over one axis of time, with a cursor that tells the exact moment. */

import { make, setText } from "../live/dom.js";
import { textOf } from "./answer.js";
import { Lane } from "./lane.js";
import { marksOf, spanOf } from "./scale.js";

/** As many items are shown at once; the filter looks at all. */
const MOST_ITEMS = 200;
/** So few are shown without being asked for. */
const FEW_ITEMS = 12;
/** From so many on they can be filtered. */
const MANY_LANES = 9;

/** Bars that grow with the time. */
const GOES_ON = new Set(["queued", "running"]);

export class Chart {
	constructor(parts, choose) {
		Object.assign(this, parts);
		this.lanes = new Map();
		this.turned = new Set();
		this.width = 1;
		const hold = () => (this.held = true);
		Object.assign(this.scroll, { onwheel: hold, onpointerdown: hold, onkeydown: hold });
		this.filter.oninput = () => this.draw(this.scene);
		this.chart.onpointermove = (event) => this.point(event);
		this.chart.onpointerleave = () => (this.cursor.hidden = true);
		this.rows.onclick = ({ target }) => {
			const key = target.closest(".ff-lane")?.dataset.key;
			if (target.closest(".ff-lane-fold")) {
				if (!this.turned.delete(key)) this.turned.add(key);
				this.draw(this.scene);
			} else if (key) choose(key);
		};
	}

	/** Let the bars of what runs grow; all else is as it was, unless more time must be shown. */
	grow(scene) {
		const { live } = scene;
		if (spanOf(live.now(), live.busy) !== this.span) this.draw(scene);
		else this.drawLanes(scene, (key) => GOES_ON.has(live.nodes[key]?.status));
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
		this.drawPath(live);
		this.follow(live);
		const blank = !live.run && !live.armed;
		this.chart.toggleAttribute("data-blank", blank);
		this.blank.hidden = !blank || !live.heard;
	}

	drawLanes({ live, selected }, wanted) {
		const critical = new Set(live.busy ? [] : live.run?.critical_path ?? []);
		const { span, width } = this;
		for (const [key, lane] of this.lanes) {
			if (!wanted(key)) continue;
			const whole = key.includes("[") && live.nodes[key.split("[")[0]];
			lane.draw(this.nameOf(key), {
				told: live.nodes[key] ?? (whole?.status === "running" ? WAITS : undefined),
				held: live.heldSince(this.scene.nodes.get(key)),
				since: whole?.started,
				count: live.countOf(key),
				open: this.isOpen(key),
				now: live.now(),
				span,
				width,
				critical: critical.has(key),
				selected: selected.has(key),
			});
		}
	}

	isOpen(key) {
		const few = (this.scene.live.nodes[key]?.items ?? Infinity) <= FEW_ITEMS;
		return this.turned.has(key) !== few;
	}

	nameOf(key) {
		const { live, nodes } = this.scene;
		const [id, item] = key.split("[");
		if (!item) return nodes.get(id)?.name ?? id;
		const place = parseInt(item, 10);
		return `${place + 1} · ${live.nodes[id]?.titles?.[place] ?? ""}`;
	}

	/** The longest chain: from the end of one of its bars along to the next one's beginning. */
	drawPath({ busy, run }) {
		const chain = (busy ? [] : run?.critical_path ?? []).map((key) => this.lanes.get(key));
		const drawn = chain.filter((lane) => lane?.told?.started != null);
		const { top } = this.field.getBoundingClientRect();
		const boxes = drawn.map(({ bar }) => bar.getBoundingClientRect());
		const steps = drawn.slice(1).map(({ told: next }, place) => {
			const [one, other] = [boxes[place], boxes[place + 1]];
			const down = other.top > one.top;
			const [from, to] = down ? [one.bottom - 2, other.top] : [other.bottom, one.top + 2];
			const { ended } = drawn[place].told;
			const wide = `left: ${this.part(ended)}; width: ${this.part(Math.max(next.started - ended, 0))}`;
			const style = `${wide}; top: ${from - top}px; height: ${to - from}px`;
			return make("span", { class: "ff-path", ...(!down && { "data-up": "" }), style });
		});
		this.path.replaceChildren(...steps);
	}

	/** Where a moment is, as a part of the width. */
	part(at) {
		return `${(at / this.span) * 100}%`;
	}

	show(key) {
		this.lanes.get(key)?.root.scrollIntoView({ block: "nearest" });
	}

	/** Keep in sight what runs, until a person scrolls. */
	follow({ armed, busy, nodes }) {
		if (armed) this.held = false;
		if (!busy && this.seen && !this.held) this.scroll.scrollTop = 0; // to be read from its beginning
		const going = [...this.lanes.keys()].filter((key) => nodes[key]?.status === "running");
		const seen = going.join();
		if (this.held || seen === this.seen) return;
		this.seen = seen;
		this.show(going.at(-1));
		this.show(going[0]);
	}

	itemsOf(key, live) {
		const { items } = live.nodes[key] ?? {};
		return items ? Array.from({ length: items }, (_, place) => `${key}[${place}]`) : live.itemsOf(key);
	}

	/** Have a row for every node that fits, stage by stage; unfolded, its items stand under it. */
	keep(scene) {
		this.scene = scene;
		const { live } = scene;
		const query = this.filter.value.trim().toLowerCase();
		const wordsOf = (key) => `${this.nameOf(key)} ${live.nodes[key]?.status} ${textOf(live, key)}`;
		const fits = (key) => !query || wordsOf(key).toLowerCase().includes(query);
		const family = (key) => {
			const items = query || this.isOpen(key) ? this.itemsOf(key, live).filter(fits) : [];
			const more = items.length > MOST_ITEMS ? [`+${items.length - MOST_ITEMS}`] : [];
			return items.length || fits(key) ? [key, ...items.slice(0, MOST_ITEMS), ...more] : [];
		};
		const stages = scene.stages.map((stage) => stage.flatMap(family));
		this.filter.hidden = !query && stages.flat().length < MANY_LANES;
		const order = JSON.stringify(stages);
		if (order === this.order) return;
		this.order = order;
		const known = this.lanes;
		const keys = stages.flat().filter((key) => key[0] !== "+");
		this.lanes = new Map(keys.map((key) => [key, known.get(key) ?? new Lane(key)]));
		const more = (key) => make("p", { class: "ff-lane-more", text: `and ${key.slice(1)} more` });
		const rowOf = (key) => this.lanes.get(key)?.root ?? more(key);
		const groups = stages.map((stage, place) => {
			const number = { class: "ff-lane-stage-number", hint: `Stage ${place + 1}`, text: place + 1 };
			return make("div", { class: "ff-lane-stage" }, make("span", number), ...stage.map(rowOf));
		});
		this.rows.replaceChildren(...groups.filter((_, place) => stages[place].length));
	}

	drawAxis(width) {
		const key = `${this.span} ${width}`;
		if (key === this.marks) return;
		this.marks = key;
		const marks = marksOf(this.span, width);
		const draw = (name, { at, word }) =>
			make("span", { class: name, style: `left: ${this.part(at)}`, text: word });
		this.axis.replaceChildren(...marks.map((mark) => draw("ff-mark", mark)));
		this.grid.replaceChildren(...marks.map(({ at }) => draw("ff-grid-line", { at })));
	}

	/** Tell the moment under the pointer, and who works in it. */
	point(event) {
		const box = this.field.getBoundingClientRect();
		const part = (event.clientX - box.left) / Math.max(box.width, 1);
		this.cursor.hidden = part < 0 || part > 1 || this.chart.hasAttribute("data-blank");
		this.cursor.style.left = `${part * 100}%`;
		this.cursor.classList.toggle("ff-cursor-late", part > 0.6);
		const at = part * this.span;
		const now = this.scene.live.now();
		const works = ({ told }) =>
			told?.started != null && told.started <= at && at < (told.ended ?? now);
		const names = [...this.lanes.values()].filter(works).map(({ name }) => name.textContent);
		const more = names.splice(4).length;
		const words = [`${at.toFixed(this.span < 20 ? 2 : 1)} s`, ...names, more && `${more} more`];
		setText(this.time, words.filter(Boolean).join(" · "));
		this.time.style.top = `${this.scroll.scrollTop + 2}px`;
	}
}

/** An item whose turn has not come. */
const WAITS = { status: "queued", queued: null, started: null, ended: null, retries: [] };
