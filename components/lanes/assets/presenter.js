/** Presenter: a run stage by stage, by keys or buttons, for people who look on. */

import { on, setAttribute, setText } from "../live/dom.js";
import { icon } from "../live/icons.js";

/** What a key does, and how far. */
const ACTS = {
	ArrowRight: ["lead", 1],
	ArrowLeft: ["lead", -1],
	// What a hand-held remote sends.
	PageDown: ["lead", 1],
	PageUp: ["lead", -1],
	Home: ["lead", -Infinity],
	End: ["lead", Infinity],
	ArrowDown: ["read", 1],
	ArrowUp: ["read", -1],
	" ": ["play"],
	Escape: ["quit"],
};

export class Presenter {
	/**
	 * `open`: has the run played again, once it is over. `data`: `stages`, and what is said first.
	 * `text`: the element of its results. `turn`: shows its lanes in place of these, and back.
	 */
	constructor(parts, live, { data, open, text, turn }) {
		Object.assign(this, parts, { live, data, open, text, place: null });
		/** Keys that came before there was anything to step through; the page kept the first. */
		this.early = window.fanfoldKeys ?? [];
		window.fanfoldKeys = null;
		const { previous, following, playing, timing } = parts;
		playing.after(parts.speed);
		parts.rows.inert = true;
		timing.onclick = ({ detail }) => {
			setAttribute(timing, "aria-pressed", turn());
			if (detail) timing.blur(); // the next key is again one for the steps
		};
		previous.append(icon("previous"));
		following.append(icon("next"));
		previous.onclick = () => this.lead(-1);
		following.onclick = () => this.lead(1);
		playing.onclick = () => this.play();
		this.ending = on(document, "keydown", (event) => this.press(event), { capture: true });
	}

	/** Who leaves finds the run at its end. */
	end() {
		this.ending();
		this.live.opening = false;
		this.live.told = null;
		this.live.endReplay();
	}

	press(event) {
		const { key, target } = event;
		if (!ACTS[key] || event.ctrlKey || event.metaKey || event.altKey) return;
		if (target.closest("select") ? key !== "Escape" : key === " " && target.closest("a, button, summary")) return;
		event.preventDefault();
		event.stopPropagation();
		if (this.live.replay || key === "Escape") this.act(key);
		else if (!this.live.goes) this.early.push(key);
	}

	/** A run that is over is shown from its beginning, one that ends under the eyes at its end. */
	async heard() {
		const { live } = this;
		const { run } = live;
		if (!run || this.opening === run.id) return this.draw();
		if (live.replay) {
			this.opening = run.id;
			return this.begin(0);
		}
		const wasFollowed = this.followed === run.id;
		if (live.goes) this.followed = run.id;
		else {
			this.opening = run.id;
			await this.open(run.id);
			if (live.replay) this.begin(wasFollowed ? this.steps().length - 1 : 0);
		}
		this.draw();
	}

	begin(place) {
		this.show(place);
		for (const key of this.early.splice(0)) this.act(key);
	}

	act(key) {
		const [name, by] = ACTS[key] ?? [];
		if (name) this[name](by);
	}

	quit() {
		document.querySelector(".st-key-present-leave button, .st-key-present-head [data-testid=stPageLink-NavLink]").click();
	}

	lead(by) {
		if (!this.live.replay) return;
		// From within a stage it is forward to its end, and back to its beginning.
		const now = this.place ?? this.under() + (by < 0 ? 0 : -1);
		this.show(Math.min(Math.max(now + by, 0), this.steps().length - 1));
	}

	play() {
		const { replay } = this.live;
		if (!replay) return;
		const again = this.place === this.steps().length - 1;
		this.live.opening = false;
		this.place = null;
		if (replay.playing) return replay.pause();
		replay.retell(again ? 0 : replay.at);
		replay.play();
	}

	/** Read on in what is longer than its frame. */
	read(by) {
		this.text.scrollBy({ top: by * this.text.clientHeight * 0.8, behavior: "smooth" });
	}

	/** Show the end of a step, and nothing of what then had only begun. */
	show(place) {
		const { live } = this;
		const { replay } = live;
		const step = this.steps()[place];
		replay.pause();
		this.place = place;
		live.opening = place === 0;
		replay.retell(step.at);
		if (!step.isLast) {
			const seen = new Set(this.data.stages.slice(0, step.stage).flat());
			for (const told of [live.nodes, live.texts, live.items]) {
				for (const key of Object.keys(told)) if (!seen.has(key.split("[")[0])) delete told[key];
			}
		}
		this.draw();
	}

	/** The flow, the end of each stage in which something worked, and in place of the last, the run's. */
	steps() {
		const { replay } = this.live;
		if (this.of === replay) return this.known;
		const ends = endsOf(replay.scenes);
		const stages = this.data.stages.map((ids, place) => {
			const known = ids.map((id) => ends.get(id)).filter((at) => at !== undefined);
			return { stage: place + 1, ids, at: Math.max(0, ...known), worked: known.length };
		});
		const known = [{ stage: 0, at: 0 }, ...stages.filter(({ worked }) => worked)];
		for (const [place, step] of known.entries()) step.at = Math.max(step.at, known[place - 1]?.at ?? 0);
		if (known.length === 1) known.push({});
		Object.assign(known.at(-1), { at: replay.length, isLast: true });
		return Object.assign(this, { of: replay, known }).known;
	}

	/** The step whose end comes next. */
	under() {
		const { at } = this.live.replay;
		return this.steps().findIndex((step) => step.at >= at);
	}

	/** What the results are of: the flow itself, one stage; null: of the run. */
	get shown() {
		const { live: { replay, run }, data: { about } } = this;
		const step = replay && this.place !== null ? this.steps()[this.place] : null;
		if (!run) return { about };
		if (!step || step.isLast) return null;
		return step.stage ? { ids: step.ids } : { about };
	}

	/** Let the canvas show the stage that is told, where it could not be read among all. */
	look(step) {
		const ids = step?.stage && !step.isLast ? step.ids : null;
		if (ids === this.live.told) return;
		this.live.told = ids;
		this.live.change();
	}

	draw() {
		const { replay, run } = this.live;
		this.presenter.hidden = !run;
		setText(this.brief, run?.brief ?? "");
		setText(this.chain, run?.chain ?? "");
		for (const part of [this.previous, this.following, this.playing]) part.hidden = !replay;
		if (!replay) return setText(this.step, run ? "As it goes" : "");
		if (replay.at >= replay.length && !replay.playing) this.place ??= this.steps().length - 1;
		replay.moved = () => this.draw();
		const steps = this.steps();
		const place = this.place ?? this.under();
		this.look(steps[place]);
		const { stage, isLast } = steps[place];
		const name = isLast ? "Result" : stage ? `Stage ${stage}` : "The flow";
		setText(this.step, `${place + 1} of ${steps.length} · ${replay.playing ? "playing" : name}`);
		this.previous.disabled = place === 0 && this.place === 0;
		this.following.disabled = place === steps.length - 1 && !replay.playing;
		if (this.drawn === replay.playing) return;
		this.drawn = replay.playing;
		this.playing.replaceChildren(icon(replay.playing ? "pause" : "play"));
		const word = replay.playing ? "Pause (space)" : "Play it as it went (space)";
		Object.assign(this.playing, { title: word, ariaLabel: word });
	}
}

/** When each node that worked had ended. */
function endsOf(scenes) {
	const ends = new Map();
	for (const [at, , { nodes = {} }] of scenes) {
		for (const [key, { started, ended }] of Object.entries(nodes)) {
			if (started !== null && ended !== null && !ends.has(key)) ends.set(key, at);
		}
	}
	return ends;
}
