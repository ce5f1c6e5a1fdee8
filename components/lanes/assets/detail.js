/** Detail: one node of the run: the message as sent, what it answered, its attempts and figures. */

import { make, setAttribute, setText } from "../live/dom.js";
import { STATUS_WORDS, counted, seconds, tokens } from "../live/format.js";
import { Answer, textOf } from "./result.js";

const NOTHING_CHOSEN = "Choose a lane or a card to see its part in the run.";

export class Detail {
	constructor() {
		this.figures = make("p", { class: "ff-detail-figures" });
		this.why = make("p", { class: "ff-detail-figures", dir: "auto" });
		this.error = make("p", { class: "ff-error", dir: "auto", hidden: true });
		this.retries = make("div", { class: "ff-detail-retries" });
		this.answer = new Answer();
		this.message = new Answer();
		this.empty = make("p", { class: "ff-result-empty", hidden: true });
		this.element = make(
			"div",
			{ class: "ff-result-body", testid: "run-detail", tabindex: "0", label: "Node" },
			this.figures,
			this.why,
			this.error,
			this.retries,
			this.answer.element,
			this.message.element,
			this.empty,
		);
	}

	/** @param {string} message what the node was given */
	draw(key, live, message) {
		const told = key === null ? undefined : live.nodes[key];
		const text = key === null ? "" : textOf(live, key);
		setText(this.figures, told ? figuresOf(told, live.now()) : "");
		const why = told?.error || told?.reason || "";
		setAttribute(this.error, "hidden", why ? null : "");
		setAttribute(this.error, "data-mild", told?.error ? null : "");
		setText(this.error, why);
		setText(this.why, told?.why ?? "");
		this.drawRetries(told?.retries ?? []);
		const writing = told?.status === "running";
		const plain = typeof (told?.output ?? "") === "string";
		this.answer.draw(text || writing ? "Output" : "", text, { writing, plain });
		this.message.draw(message ? "Message" : "", message, { writing: false, plain: true });
		setAttribute(this.empty, "hidden", told ? "hidden" : null);
		setText(this.empty, key === null ? NOTHING_CHOSEN : "This node has not run.");
	}

	drawRetries(retries) {
		const key = JSON.stringify(retries);
		if (key === this.shown) return;
		this.shown = key;
		this.retries.replaceChildren(
			...retries.map(({ at, error }, place) =>
				make("p", {
					class: "ff-retry",
					dir: "auto",
					text: `Attempt ${place + 1} failed at ${seconds(at)}: ${error}`,
				}),
			),
		);
	}
}

function figuresOf(told, now) {
	const { status, queued, started, ended, attempts, model } = told;
	const waited = queued !== null && started !== null ? started - queued : 0;
	const parts = [
		STATUS_WORDS[status],
		told.branches?.length ? `took ${told.branches.join(", ")}` : "",
		started === null ? "" : `${seconds(started)} → ${ended === null ? "now" : seconds(ended)}`,
		started === null ? "" : `${seconds((ended ?? now) - started)}`,
		waited >= 0.05 ? `queued ${seconds(waited)}` : "",
		tokens(told.tokens),
		attempts > 1 ? counted(attempts, "attempt") : "",
		model,
	];
	return parts.filter(Boolean).join(" · ");
}
