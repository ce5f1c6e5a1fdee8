/** Head: the bar over the canvas: what a run is given, Run and Stop, and how the run goes. */

import { setAttribute, setText } from "../live/dom.js";
import { seconds } from "../live/format.js";
import { Fields } from "./fields.js";

export class Head {
	constructor(parts, typed) {
		this.parts = parts;
		this.fields = new Fields(parts.fields, typed);
	}

	show(offer, live, { steps, stopping }) {
		const { goes } = live;
		const { label, run, stop, line, state } = this.parts;
		setText(label, offer.label ? `on ${offer.label}` : "");
		// A button that is disabled would lose the focus.
		setAttribute(run, "aria-disabled", goes || Boolean(offer.why_not));
		setAttribute(run, "title", offer.why_not || `Run on ${offer.label} (Ctrl+Enter)`);
		if (!goes && document.activeElement === stop) run.focus();
		setAttribute(stop, "aria-disabled", !goes || stopping || !live.run);
		setAttribute(stop, "data-idle", goes ? null : "");
		const [look, words] = describe({ ...offer, ...this.fields.lacking() }, live, steps, stopping);
		setAttribute(state, "data-look", look);
		setText(line, words);
		setAttribute(state, "title", words);
	}
}

function describe(offer, live, steps, stopping) {
	if (live.armed) return ["running", "Starting…"];
	const { run } = live;
	if (run?.status === "running") return ["running", going(live, steps, stopping)];
	if (offer.why_not) return ["blocked", offer.why_not];
	if (offer.lacks) return ["blocked", `“${offer.lacks}” needs a value.`];
	if (!run && offer.blank) {
		return ["idle", `“${offer.blank}” is empty: a run would be given no text.`];
	}
	if (!run) return ["idle", "Ready to run"];
	const time = seconds(run.ended ?? run.now);
	const flaws = failures(live);
	const ends = {
		finished: `Finished in ${time}${flaws}`,
		failed: `Failed after ${time}. ${run.error}`,
		cancelled: `Stopped after ${time}`,
	};
	const look = run.status === "finished" && flaws ? "retry" : run.status;
	if (run.status in ends) return [look, ends[run.status]];
	return ["cancelled", "Interrupted: the server ended while it ran."];
}

function failures({ nodes }) {
	const all = Object.values(nodes);
	const failed = all.filter(({ status }) => status === "failed").length;
	const instead = all.filter(({ status, error }) => status === "finished" && error).length;
	return `${failed ? `, ${failed} failed` : ""}${instead ? `, ${instead} by fallback` : ""}`;
}

function going(live, steps, stopping) {
	if (stopping) return "Stopping…";
	const count = (status) => [...steps].filter((id) => live.nodes[id]?.status === status).length;
	const running = count("running");
	const side = running > 1 ? ` · ${running} side by side` : "";
	const what = live.replay ? "Replay: " : "";
	return `${what}${count("finished")} of ${steps.size} done${side} · ${seconds(live.now())}`;
}
