/** Card: one node as people see it. Its shell is always there; its inside only while it is seen. */

import { make, setAttribute, setText } from "../live/dom.js";
import { STATUS_WORDS, seconds, shorten, tokens } from "../live/format.js";
import { icon } from "../live/icons.js";
import { CARD } from "./geometry.js";

/**
 * @typedef {import("./draft.js").Node} Node
 * @typedef {{status: string, waits: boolean, attempts: number, started: number | null,
 *   ended: number | null, tokens: number | null, error: string, told?: object}} Progress `told` is
 *   the server's own word
 */

export class Card {
	constructor(id) {
		this.id = id;
		this.shell = make("div", {
			class: "ff-card",
			testid: `node-${id}`,
			"data-id": id,
			"data-status": "idle",
			role: "group",
			tabindex: "0",
		});
		this.place = "";
		this.parts = null;
		this.shown = true;
		/** @type {any[]} what was drawn last */
		this.seen = [];
	}

	move({ x, y }) {
		const place = `translate(${x - CARD.width / 2}px, ${y - CARD.height / 2}px)`;
		if (place !== this.place) this.shell.style.transform = this.place = place;
	}

	show(shown) {
		if (shown === this.shown) return;
		this.shown = shown;
		this.shell.classList.toggle("ff-away", !shown);
	}

	draw(node, progress, state) {
		const { status, waits, told } = progress;
		const { selected, problems, preview } = state;
		const { count } = progress;
		const seen = [node, told, status, waits, selected, problems, preview, count, this.shown];
		if (status !== "running" && seen.every((each, place) => each === this.seen[place])) return;
		this.seen = seen;
		setAttribute(this.shell, "data-status", progress.status);
		setAttribute(this.shell, "data-type", node.type);
		setAttribute(this.shell, "data-selected", state.selected ? "true" : null);
		if (!this.shown) return;
		this.parts ??= this.fill(node);
		const { name, label, tile } = this.parts;
		setText(name, shorten(node.name, 120));
		setText(label, shorten(node.label, 80));
		this.drawMarks(node.marks ?? []);
		if (tile.dataset.icon !== (node.icon || node.type)) {
			tile.dataset.icon = node.icon || node.type;
			tile.replaceChildren(node.icon ? document.createTextNode(node.icon) : icon(node.type, 20));
		}
		this.drawFoot(node, progress, state);
		this.drawBadge(state.problems);
		setAttribute(this.shell, "aria-label", this.spoken(node, progress));
		setAttribute(this.shell, "title", progress.error || progress.told?.reason || null);
	}

	drawFoot(node, progress, { now, preview: words }) {
		const { pill, word, figures, preview } = this.parts;
		const idle = progress.status === "idle" && !progress.waits;
		setAttribute(pill, "hidden", idle ? "" : null);
		const { error } = progress;
		setAttribute(preview, "hidden", idle || error || node.type === "input" ? null : "");
		setText(preview, shorten(error || (idle || node.type === "input" ? words : ""), 90));
		const again = progress.status === "running" && progress.attempts > 1;
		setAttribute(pill, "data-look", again ? "retry" : progress.status);
		const but = progress.status === "finished" && progress.told?.reason;
		const taken = progress.told?.branches?.join(", ");
		const done = taken ? `→ ${taken}` : but ? "done, cut off" : STATUS_WORDS[progress.status];
		setText(word, again ? `try ${progress.attempts}` : done);
		const { started, ended } = progress;
		const time = started === null ? "" : seconds((ended ?? now) - started);
		setText(figures, [progress.count, time, tokens(progress.tokens)].filter(Boolean).join(" · "));
	}

	drawMarks(marks) {
		setAttribute(this.shell, "data-many", marks.some((mark) => mark.icon === "many") || null);
		if (marks === this.marked) return;
		this.marked = marks;
		const draw = ({ icon: drawing, word, hint }) =>
			make("span", { class: "ff-mark", hint, label: hint }, icon(drawing, 12), word);
		this.parts.marks.replaceChildren(...marks.map(draw));
	}

	drawBadge(problems) {
		const { badge } = this.parts;
		setAttribute(badge, "hidden", problems.length ? null : "");
		if (!problems.length) return;
		const grave = problems.some((problem) => problem.severity === "error");
		setAttribute(badge, "data-severity", grave ? "error" : problems[0].severity);
		setText(badge, problems.length > 1 ? String(problems.length) : "!");
		setAttribute(badge, "title", problems.map((problem) => problem.message).join("\n"));
	}

	fill(node) {
		const parts = {
			tile: make("span", { class: "ff-tile" }),
			name: make("span", { class: "ff-name", dir: "auto" }),
			label: make("span", { class: "ff-label", dir: "auto" }),
			word: make("span"),
			preview: make("span", { class: "ff-preview", dir: "auto" }),
			marks: make("span", { class: "ff-marks" }),
			figures: make("span", { class: "ff-figures" }),
			badge: make("span", { class: "ff-badge", testid: `badge-${this.id}`, hidden: true }),
		};
		const dot = make("span", { class: "ff-dot" });
		const pill = make("span", { class: "ff-pill", hidden: true }, dot, parts.word);
		this.shell.append(
			make(
				"div",
				{ class: "ff-face" },
				parts.tile,
				make("span", { class: "ff-title" }, parts.name, parts.label),
				make("span", { class: "ff-foot" }, parts.preview, pill, parts.figures),
			),
			parts.marks,
			parts.badge,
			...this.ports(node),
		);
		return { ...parts, pill };
	}

	ports(node) {
		const port = (side, hint) =>
			make("span", {
				class: `ff-port ff-port-${side}`,
				testid: `port-${side}-${this.id}`,
				"data-port": side,
				hint,
			});
		const out = port("out", "Drag to another card to link them");
		if (node.type === "input") return [out];
		return [port("in", "Drag to a card whose output it takes"), out];
	}

	spoken(node, progress) {
		const words = [shorten(node.name, 80), node.type, shorten(node.label, 40)];
		if (progress.status !== "idle") words.push(STATUS_WORDS[progress.status]);
		if (progress.error) words.push(shorten(progress.error, 200));
		return words.join(", ");
	}
}
