/** Chart: all lanes over one axis of time, with a cursor that tells the exact moment. */

import { afterFrame, make, setAttribute, setText } from "../live/dom.js";
import { textOf } from "./answer.js";
import { Axis } from "./axis.js";
import { Lane } from "./lane.js";
import { queuedFor } from "./limits.js";
import { wholeOf } from "./scale.js";
import { Sight } from "./sight.js";

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
		this.sight = new Sight();
		this.axis = new Axis(parts, this.sight, () => this.draw(this.scene));
		/** Once a frame has laid all out: asked before, the browser would lay out twice. */
		this.reveal = afterFrame(() => {
			const going = this.seen.split(",");
			this.show(going.at(-1));
			this.show(going[0]);
		});
		this.count = afterFrame(() => this.countBelow());
		this.scroll.onscroll = this.count;
		this.further.onclick = () => {
			hold();
			this.scroll.scrollBy({ top: this.scroll.clientHeight * 0.8, behavior: "smooth" });
		};
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
		if (wholeOf(live) !== this.sight.whole) this.draw(scene);
		else this.drawLanes(scene, (key) => GOES_ON.has(live.nodes[key]?.status));
	}

	/** Learn how much room there is; called when it changes, as asking is dear. */
	measure() {
		this.axis.measure();
		this.count();
	}

	draw(scene) {
		const { live } = scene;
		this.keep(scene);
		if (live.armed) this.sight.open();
		this.sight.grow(wholeOf(live));
		this.axis.draw();
		this.drawLanes(scene, () => true);
		this.drawPath(live);
		this.follow(live);
		const blank = !live.run && !live.armed;
		this.chart.toggleAttribute("data-blank", blank);
		this.blank.hidden = !blank || !live.heard;
	}

	drawLanes({ live, selected }, wanted) {
		const critical = new Set(live.busy ? [] : live.run?.critical_path ?? []);
		this.playhead.hidden = !live.replay;
		if (live.replay) this.playhead.style.left = this.part(live.replay.at);
		const { axis: { width }, sight } = this;
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
				sight,
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
		if (!drawn[1]) return this.path.replaceChildren();
		const { top } = this.field.getBoundingClientRect();
		const boxes = drawn.map(({ bar }) => bar.getBoundingClientRect());
		const steps = drawn.slice(1).map(({ told: next }, place) => {
			const [one, other] = [boxes[place], boxes[place + 1]];
			const down = other.top > one.top;
			const [from, to] = down ? [one.bottom - 2, other.top] : [other.bottom, one.top + 2];
			const { ended } = drawn[place].told;
			const until = Math.max(next.started, ended);
			const wide = `left: ${this.part(ended)}; width: calc(${this.part(until)} - ${this.part(ended)})`;
			const style = `${wide}; top: ${from - top}px; height: ${to - from}px`;
			return make("span", { class: "ff-path", ...(!down && { "data-up": "" }), style });
		});
		this.path.replaceChildren(...steps);
	}

	/** Where a moment is, as a part of the width. */
	part(at) {
		return `${this.sight.part(at) * 100}%`;
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
		this.reveal();
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
		const slow = query ? slowIn(live.nodes) : Infinity;
		const wordsOf = (key) => {
			const told = live.nodes[key];
			const how = [told?.status, lastOf(told) >= slow && "slow", told?.retries.length && "retried"];
			return [this.nameOf(key), ...how.filter(Boolean), textOf(live, key)].join(" ");
		};
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
		this.count();
	}

	/** In a low frame lanes are easily missed. */
	countBelow() {
		const { bottom } = this.scroll.getBoundingClientRect();
		const hides = ({ root }) => root.getBoundingClientRect().bottom > bottom + 6;
		const hidden = bottom ? [...this.lanes.values()].filter(hides).length : 0;
		this.below.hidden = this.further.hidden = !hidden;
		setText(this.further, `${hidden} more below`);
		this.axis.measure();
		this.axis.draw();
	}

	/** Say what a queued node waits for, when somebody asks: of a thousand it would be dear. */
	explain({ target }) {
		if (!target.matches(".ff-lane-queue:not([data-held]), .ff-lane-bar[data-part=queue]")) return;
		const { live, limits } = this.scene;
		const { key } = target.closest(".ff-lane").dataset;
		setAttribute(target, "title", `Queued: ${queuedFor(key, live, limits)}`);
	}

	/** Tell the moment under the pointer, and who works in it. */
	point(event) {
		this.explain(event);
		const part = this.axis.partAt(event);
		this.cursor.hidden = part < 0 || part > 1 || this.chart.hasAttribute("data-blank");
		this.cursor.style.left = `${part * 100}%`;
		this.cursor.classList.toggle("ff-cursor-late", part > 0.6);
		const at = this.sight.at(part);
		const now = this.scene.live.now();
		const works = ({ told }) =>
			told?.started != null && told.started <= at && at < (told.ended ?? now);
		const names = [...this.lanes.values()].filter(works).map(({ name }) => name.textContent);
		const more = names.splice(4).length;
		const words = [`${at.toFixed(this.sight.span < 20 ? 2 : 1)} s`, ...names, more && `${more} more`];
		setText(this.time, words.filter(Boolean).join(" · "));
		this.time.style.top = `${this.scroll.scrollTop + 2}px`;
	}
}

/** From so many seconds on a node took long: twice as long as the one in the middle. */
function slowIn(nodes) {
	const lasts = Object.values(nodes).filter(({ items }) => items == null).map(lastOf);
	const known = lasts.filter((last) => last > 0).sort((one, other) => one - other);
	return 2 * (known[Math.floor(known.length / 2)] ?? Infinity);
}

function lastOf(told) {
	return told?.started == null || told.ended === null ? 0 : told.ended - told.started;
}

/** An item whose turn has not come. */
const WAITS = { status: "queued", queued: null, started: null, ended: null, retries: [] };
