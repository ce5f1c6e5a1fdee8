/** Card: one node as people see it. Its shell is always there; its inside only while it is seen. */

import { clone, make, setAttribute, setText } from "../live/dom.js";
import { STATUS_WORDS, seconds, shorten, tokens } from "../live/format.js";
import { icon } from "../live/icons.js";
import { sayWait } from "../live/waits.js";
import { CARD } from "./geometry.js";
import { worstOf } from "./problems.js";

export class Card {
	constructor(id, template) {
		this.id = id;
		this.template = template;
		const attributes = { class: "ff-card", role: "group", tabindex: "0", "data-id": id };
		this.shell = make("div", { ...attributes, testid: `node-${id}`, "data-status": "idle" });
		this.place = "";
		this.parts = null;
		this.shown = true;
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
		const { status, waits, told, count } = progress;
		const { selected, problems, preview } = state;
		const seen = [node, told, status, waits, selected, problems, preview, count, this.shown];
		if (status !== "running" && seen.every((each, place) => each === this.seen[place])) return;
		this.seen = seen;
		setAttribute(this.shell, "data-status", status);
		setAttribute(this.shell, "data-type", node.type);
		setAttribute(this.shell, "data-selected", selected || null);
		setAttribute(this.shell, "aria-label", this.spoken(node, progress));
		if (!this.shown) return;
		this.parts ??= this.fill(node);
		const { name, label, tile } = this.parts;
		setText(name, shorten(node.name, 120));
		const said = reasonOf(node, progress.error);
		setText(label, shorten(said || node.label, 90));
		setAttribute(label, "data-said", said ? "" : null);
		this.drawMarks(node.marks ?? []);
		const sign = node.icon || node.type;
		if (tile.dataset.sign !== sign) {
			tile.dataset.sign = sign;
			tile.replaceChildren(node.icon || icon(node.type, 20));
		}
		this.drawFoot(node, progress, state);
		this.drawBadge(problems);
		setAttribute(this.shell, "title", progress.error || null);
	}

	drawFoot(node, progress, { now, preview: words, presented }) {
		const { pill, word, figures, preview } = this.parts;
		const { status, told, attempts, tries, reused, started, ended } = progress;
		const idle = status === "idle" && !progress.waits;
		pill.hidden = idle;
		const said = idle || node.type === "input" ? words : "";
		preview.hidden = !said;
		setText(preview, shorten(said, 90));
		const again = status === "running" && attempts > 1;
		const finished = status === "finished";
		const instead = finished && told?.error;
		setAttribute(this.shell, "data-reused", reused || null);
		const but = finished && told?.reason;
		setAttribute(pill, "data-look", again || instead || but ? "retry" : reused ? "reused" : status);
		const taken = told?.branches?.join(", ");
		const done = taken ? `→ ${taken}` : but ? "done, cut off" : told?.word || STATUS_WORDS[instead ? "fallback" : status];
		const tried = presented && tries > 1 && ended !== null ? `, try ${tries}` : "";
		const goes = sayWait(told, now) ? "waits to retry" : `try ${attempts}`;
		setText(word, again ? goes : reused ? "reused" : `${done}${tried}`);
		const time = started === null ? "" : seconds((ended ?? now) - started);
		setText(figures, [progress.count, time, !presented && tokens(progress.tokens)].filter(Boolean).join(" · "));
	}

	drawMarks(marks) {
		setAttribute(this.shell, "data-many", marks.some((mark) => mark.icon === "many") || null);
		if (marks === this.marked) return;
		this.marked = marks;
		const draw = ({ icon: drawing, word, hint }) =>
			make("span", { class: "ff-trait", hint, label: hint }, icon(drawing, 12), word);
		this.parts.marks.replaceChildren(...marks.map(draw));
	}

	drawBadge(problems) {
		const { badge } = this.parts;
		badge.hidden = !problems.length;
		if (!problems.length) return;
		const worst = worstOf(problems);
		const { length } = problems.filter(({ severity }) => severity === worst);
		setAttribute(badge, "data-severity", worst);
		setText(badge, length > 1 ? String(length) : "!");
		setAttribute(badge, "title", problems.map((problem) => problem.message).join("\n"));
	}

	fill(node) {
		const { copy, parts } = clone(this.template);
		parts.badge.dataset.testid = `badge-${this.id}`;
		for (const side of ["in", "out"]) parts[side].dataset.testid = `port-${side}-${this.id}`;
		if (node.type === "input") parts.in.remove();
		this.shell.append(copy);
		return parts;
	}

	spoken(node, progress) {
		const words = [shorten(node.name, 80), node.type, shorten(node.label, 40)];
		if (progress.reused) words.push("reused");
		else if (progress.status !== "idle") words.push(progress.word || STATUS_WORDS[progress.status]);
		if (progress.error) words.push(shorten(progress.error, 200));
		return words.join(", ");
	}
}

/** What went wrong, without whose it is: the card says that. */
function reasonOf({ id, name }, error) {
	const whose = [`"${name}"`, ` (${id})`, ":", " "];
	return whose.reduce((said, part) => (said.startsWith(part) ? said.slice(part.length) : said), error);
}
