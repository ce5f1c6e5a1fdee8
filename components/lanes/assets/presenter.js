/** Presenter: a run stage by stage with the arrow keys, for people who look on. */

import { on } from "../live/dom.js";

export class Presenter {
	/** `open`: has the run played again, once it is over. */
	constructor(live, { stages, open }) {
		Object.assign(this, { live, stages, open });
		this.end = on(document, "keydown", (event) => this.press(event), { capture: true });
	}

	async press(event) {
		const { key, target } = event;
		const act = {
			ArrowRight: () => this.step((moments, at) => moments.find((each) => each > at)),
			ArrowLeft: () => this.step((moments, at) => moments.findLast((each) => each < at)),
			" ": (replay) => (replay.playing ? replay.pause() : replay.play()),
			Escape: () => document.querySelector(".st-key-present-head [data-testid=stPageLink-NavLink]").click(),
		}[key];
		if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
		if (key === " " && target.closest("a, button, summary")) return;
		event.preventDefault();
		event.stopPropagation();
		if (key === "Escape") return act();
		const { live } = this;
		if (live.goes || !live.run) return; // it is followed as it goes
		const isFirst = !live.replay;
		if (isFirst) await this.open(live.run.id);
		if (!live.replay) return;
		// At first the run stands at its end: forward leads to its start.
		if (isFirst && key === "ArrowRight") live.replay.seek(0);
		else act(live.replay);
	}

	step(choose) {
		const { replay } = this.live;
		replay.pause();
		const moment = choose(this.moments(replay), replay.at);
		if (moment !== undefined) replay.seek(moment);
	}

	/** The start, the end of each stage, and the end. */
	moments({ scenes, length }) {
		const ends = new Map();
		for (const [at, , { nodes = {} }] of scenes) {
			for (const [key, { ended }] of Object.entries(nodes)) {
				if (ended !== null && !ends.has(key)) ends.set(key, at);
			}
		}
		const over = this.stages.map((ids) => Math.max(0, ...ids.map((id) => ends.get(id) ?? 0)));
		return [...new Set([0, ...over.filter((at) => at < length), length])].sort((a, b) => a - b);
	}
}
