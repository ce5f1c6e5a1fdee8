/** Detail: one node of the run: the message as sent, what it answered, its attempts and figures. */

import { setText } from "../live/dom.js";
import { STATUS_WORDS, counted, seconds, tokens } from "../live/format.js";
import { Answer, textOf } from "./answer.js";
import { queuedFor } from "./limits.js";
import { partsOf } from "./parts.js";
import { sayWait } from "../live/waits.js";

const find = (words) => document.querySelector(words);

export class Detail {
	constructor() {
		Object.assign(this, partsOf("detail"));
		this.texts = [new Answer(), new Answer(), new Answer()];
		this.answers.append(...this.texts.map(({ root }) => root));
		this.open.onclick = () => find(".st-key-inspector [aria-label=Name]")?.focus();
		this.again.onclick = () => find("[data-testid=run]").click();
		this.from.onclick = () => this.live.again("from", this.from.value);
		this.failed.onclick = () => this.live.again("failed");
	}

	draw(key, scene, given) {
		const { live, nodes, raw, stages } = scene;
		const told = live.nodes[key];
		this.live = live;
		const why = told?.error || told?.reason;
		this.grow(key, scene);
		this.error.hidden = !why;
		this.error.toggleAttribute("data-mild", !told?.error);
		setText(this.error, why ?? "");
		const [id] = key?.split("[") ?? [];
		const failed = told?.status === "failed";
		this.open.hidden = this.again.hidden = !failed || !find(".st-key-inspector");
		this.failed.hidden = !failed || !live.canAgain;
		this.from.hidden = failed || !live.canAgain || !stages.some((ids) => ids.includes(id));
		this.from.value = id;
		this.remedy.hidden = this.from.hidden && this.failed.hidden && this.open.hidden;
		this.remedy.toggleAttribute("data-many", failed && !this.open.hidden);
		setText(this.why, told?.why ?? "");
		setText(this.retries, (told?.retries ?? []).map(attemptOf).join("\n"));
		setText(this.spans, (told?.spans ?? []).join("\n"));
		this.steps.hidden = !told?.spans?.length;
		const instructions = nodes.get(id)?.instructions ?? "";
		const texts = [this.text(live, key), given?.message ?? "", instructions];
		const sent = nodes.get(id)?.type === "join" ? "What it was given" : "Message as sent";
		const gave = told?.status === "finished" && told.error ? "Output: its fallback" : "Output";
		[gave, sent, "Instructions"].forEach((title, place) => {
			const writing = !place && told?.status === "running";
			const text = texts[place];
			this.texts[place].draw(text || writing ? title : "", text, { writing, raw });
		});
		this.records.hidden = !given;
		setText(this.lines, given?.lines.join("\n") ?? "");
		this.unchosen.hidden = key !== null;
		this.unrun.hidden = Boolean(told) || key === null;
	}

	/** What changes with the time alone. */
	grow(key, { limits, live, nodes }) {
		const told = live.nodes[key];
		const held = live.heldSince(nodes.get(key));
		const why = () => queuedFor(key, live, limits);
		setText(this.figures, told ? figuresOf(told, { now: live.now(), held, why }) : "");
	}

	text(live, key) {
		return key ? textOf(live, key) : "";
	}
}

function attemptOf({ at, error, delay_s }, place) {
	return `Attempt ${place + 1} failed at ${seconds(at)}, again after ${seconds(delay_s)}: ${error}`;
}

function figuresOf(told, { now, held, why }) {
	const { status, error, queued, started, ended, attempts, model } = told;
	const begun = started !== null;
	const waited = queued === null ? 0 : (started ?? ended ?? now) - queued;
	const behind = begun && held != null ? started - held : 0;
	const wait = sayWait(told, now);
	const lost = status === "cancelled" && begun && told.tokens == null;
	const parts = [
		told.reused && "reused from an earlier run",
		status === "finished" && error ? "fallback" : !told.reused && (wait || told.word || STATUS_WORDS[status]),
		told.branches?.length && `took ${told.branches.join(", ")}`,
		told.took || (begun && `${seconds(started)} → now · ${seconds(now - started)}`),
		waited >= 0.05 && `queued ${seconds(waited)}: ${why()}`,
		behind >= 0.05 && `waited ${seconds(behind)} for its stage`,
		told.waited >= 0.05 && `waited ${seconds(told.waited)} for its connection`,
		lost ? "tokens not known: what was under way may be billed" : tokens(told.tokens),
		attempts > 1 && counted(attempts, "attempt"),
		model,
	];
	return parts.filter(Boolean).join(" · ");
}
