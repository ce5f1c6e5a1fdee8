/** Head: the bar over the canvas: what a run is given, Run and Stop, and how the run goes. */

import { button, make, setAttribute, setText } from "../live/dom.js";
import { seconds } from "../live/format.js";
import { icon } from "../live/icons.js";
import { Fields } from "./fields.js";

/**
 * @typedef {{label: string, why_not: string, inputs: import("./fields.js").Input[]}} Offer
 */

export class Head {
	constructor(holder, hooks) {
		this.fields = new Fields(hooks.typed);
		this.label = make("span", { class: "ff-run-label" });
		const word = make("span", { text: "Run" });
		const run = { class: "ff-run", testid: "run" };
		this.run = button(run, hooks.run, icon("play", 16), word, this.label);
		const halt = make("span", { text: "Stop" });
		this.stop = button({ class: "ff-stop", testid: "stop" }, hooks.stop, icon("stop", 16), halt);
		this.mark = make("span", { class: "ff-state-mark" });
		this.line = make("span", { class: "ff-state-words", dir: "auto" });
		const state = { class: "ff-state", testid: "run-state", role: "status" };
		this.state = make("div", state, this.mark, this.line);
		const buttons = make("div", { class: "ff-buttons" }, this.stop, this.run);
		holder.append(this.fields.element, make("div", { class: "ff-command" }, buttons, this.state));
	}

	show(offer, live, { steps, stopping }) {
		const { busy } = live;
		setText(this.label, offer.label ? `on ${offer.label}` : "");
		this.run.disabled = busy || Boolean(offer.why_not);
		setAttribute(this.run, "title", offer.why_not || `Run on ${offer.label}`);
		this.stop.disabled = !busy || stopping || !live.run;
		setAttribute(this.stop, "data-idle", busy ? null : "");
		const { look, words } = describe({ ...offer, lacks: this.fields.lacking() }, live, steps, stopping);
		setAttribute(this.state, "data-look", look);
		setText(this.line, words);
		setAttribute(this.state, "title", words);
	}
}

function describe(offer, live, steps, stopping) {
	if (live.armed) return { look: "running", words: "Starting…" };
	const { run } = live;
	if (run?.status === "running") return { look: "running", words: going(live, steps, stopping) };
	if (offer.why_not) return { look: "blocked", words: offer.why_not };
	if (offer.lacks) return { look: "blocked", words: `“${offer.lacks}” needs a value.` };
	if (!run) return { look: "idle", words: "Ready to run" };
	const time = seconds(run.ended ?? run.now);
	switch (run.status) {
		case "finished":
			return { look: "finished", words: `Finished in ${time}${failures(live)}` };
		case "failed":
			return { look: "failed", words: `Failed after ${time}. ${run.error}` };
		case "cancelled":
			return { look: "cancelled", words: `Stopped after ${time}` };
		default:
			return { look: "cancelled", words: `Interrupted: the server ended while it ran.` };
	}
}

function failures({ nodes }) {
	const failed = Object.values(nodes).filter(({ status }) => status === "failed").length;
	return failed ? `, ${failed} failed` : "";
}

function going(live, steps, stopping) {
	if (stopping) return "Stopping…";
	const count = (status) => [...steps].filter((id) => live.nodes[id]?.status === status).length;
	const running = count("running");
	const side = running > 1 ? ` · ${running} side by side` : "";
	return `${count("finished")} of ${steps.size} done${side} · ${seconds(live.now())}`;
}
