/** Live: what happens in the runs of a flow, heard once for the whole page.
 *
 * One stream, open before Run is pressed; a hidden tab closes it and is told all when it is shown.
 */

import { oneFor } from "./keep.js";
import { Replay } from "./replay.js";
import { Stream } from "./stream.js";

const WAIT_BEFORE_CLOSING_MS = 2000;

const lives = new Map();

export function liveOf(data) {
	const key = `${data.flow_id} ${data.follow ?? ""}`;
	const live = oneFor(lives, key, () => new Live());
	live.connect(data);
	return live;
}

export class Live {
	constructor() {
		this.clear();
		/** Run was pressed and its first news is not here yet. */
		this.armed = false;
		/** A snapshot came: what is known is what is. */
		this.heard = false;
		this.address = "";
		this.startedAt = 0;
		this.stream = null;
		/** A run that is over and is told again, in the place of what the stream says of runs. */
		this.replay = null;
		/** The flow is presented as it is before its run. */
		this.opening = false;
		/** The nodes of the stage that is presented; null: all. */
		this.told = null;
		/** The word of the address by which a run was last played. */
		this.played = "";
		this.listeners = new Set();
		this.readers = new Set();
		this.frame = 0;
		this.onlyTexts = true;
		this.closing = 0;
		/** Who will listen is still being made. */
		this.awaited = true;
		document.addEventListener("visibilitychange", () => this.tune());
	}

	clear() {
		Object.assign(this, { run: null, nodes: {}, items: {}, texts: {} });
	}

	connect({ flow_id, follow, addresses }) {
		const words = { flow: flow_id, token: addresses.token, ...(follow && { run: follow }) };
		const address = new URL(`${addresses.events}?${new URLSearchParams(words)}`, location.href).href;
		if (this.address === address) return;
		this.address = address;
		this.stream?.close();
		this.stream = null;
		this.tune();
	}

	/** Called at most once a frame; `onlyTexts`: nothing is new but what models write. */
	listen(listener) {
		this.awaited = false;
		this.listeners.add(listener);
		this.tune();
		return () => {
			this.listeners.delete(listener);
			clearTimeout(this.closing);
			this.closing = setTimeout(() => this.tune(), WAIT_BEFORE_CLOSING_MS);
		};
	}

	/** Open the stream where somebody looks and listens, close it where nobody does. */
	tune() {
		const wanted = (this.awaited || this.listeners.size > 0) && !document.hidden;
		if (wanted && !this.stream) this.open();
		if (!wanted && this.stream) {
			this.stream.close();
			this.stream = null;
		}
	}

	open() {
		const stream = new Stream(this.address, (name, news) => {
			if (this.stream === stream) this.hear(name, news);
		});
		this.stream = stream;
	}

	/** While a run is played again only a new one is news. */
	hear(name, news) {
		if (name === "flow") return this.readers.forEach((reader) => reader(news));
		const isOther = name === "snapshot" && news.run?.id !== this.run?.id;
		if (this.replay && !isOther) return;
		this.endReplay();
		this.act(name, news);
		this.change(name === "text");
	}

	act(name, news) {
		if (name === "snapshot") return this.begin(news);
		if ((name === "run" ? news.id : news.run) !== this.run?.id) return;
		if (name === "nodes") this.learn(news.nodes);
		if (name === "text") this.read(news.texts);
		if (name === "run") this.tell(news);
	}

	/** `story`: what the server told during the run, and its steps. */
	play(story) {
		this.endReplay();
		this.replay = new Replay(story, (name, news) => {
			if (name) this.act(name, news);
			else this.change();
		});
		return this.replay;
	}

	/** Leave the run as it was at its end. */
	endReplay() {
		const { replay } = this;
		this.replay = null;
		replay?.end();
	}

	begin(news) {
		this.heard = true;
		if (this.armed && (news.run?.id ?? null) === this.before) return;
		this.armed = false;
		this.clear();
		this.learn(news.nodes);
		this.texts = { ...news.texts };
		if (news.run) this.tell(news.run);
	}

	recall(told) {
		this.begin(told);
		this.heard = false;
		this.change();
	}

	learn(nodes) {
		Object.assign(this.nodes, nodes);
		for (const key of Object.keys(nodes)) {
			const [id, item] = key.split("[");
			if (item) (this.items[id] ??= new Set()).add(key);
		}
	}

	itemsOf(id) {
		const number = (key) => parseInt(key.split("[")[1], 10);
		return [...(this.items[id] ?? [])].sort((one, other) => number(one) - number(other));
	}

	/** How far a `for_each` is: `7/12`; of what has begun while it goes on. */
	countOf(id) {
		const keys = [...(this.items[id] ?? [])];
		const done = keys.filter((key) => this.nodes[key].ended !== null).length;
		const all = this.nodes[id]?.items ?? (this.nodes[id]?.ended == null ? 0 : keys.length);
		return keys.length ? (all ? `${done}/${all}` : `${done} done`) : "";
	}

	tell(run) {
		this.run = run;
		this.startedAt = performance.now() - run.now * 1000;
	}

	read(texts) {
		for (const [key, text] of Object.entries(texts)) {
			this.texts[key] = (this.texts[key] ?? "") + text;
		}
	}

	arm() {
		this.endReplay();
		this.before = this.run?.id ?? null;
		this.kept = { run: this.run, nodes: this.nodes, items: this.items, texts: this.texts };
		this.armed = true;
		this.clear();
		this.change();
	}

	/** The run did not start: what was shown before is shown again. */
	disarm() {
		if (!this.armed) return;
		this.armed = false;
		Object.assign(this, this.kept);
		this.change();
	}

	/** Run what is shown once more: "from" a node on, only what "failed", or to "measure" it. */
	again(how, node) {
		return this.start({ run: this.run.id, how, node });
	}

	/** `start`: how a run of this flow is asked for; null where it cannot be. */
	get canAgain() {
		return Boolean(this.start && this.run && !this.busy && !this.replay);
	}

	/** Something of the run failed, or is still to be done. */
	get isFlawed() {
		return this.run.status !== "finished" || Object.values(this.nodes).some(({ error }) => error);
	}

	get busy() {
		return this.armed || this.run?.status === "running";
	}

	/** A run really goes on: one that is only played again can neither be stopped nor waited for. */
	get goes() {
		return this.busy && !this.replay;
	}

	/** Seconds since the run's start; at its end, or while the server is silent, it stands still. */
	now() {
		if (!this.run) return 0;
		if (this.replay) return this.run.ended ?? this.replay.at;
		const at = this.stream?.lost ?? performance.now();
		return this.run.ended ?? Math.max((at - this.startedAt) / 1000, 0);
	}

	/** When all that a node behind a barrier awaits had ended; null where it awaits nothing. */
	heldSince(node) {
		const ends = ((this.run?.barriers && node?.awaits) || []).map((id) => this.nodes[id]?.ended ?? null);
		return !ends.length || ends.includes(null) ? null : Math.max(...ends);
	}

	change(onlyTexts = false) {
		this.onlyTexts = this.onlyTexts && onlyTexts;
		this.frame ||= requestAnimationFrame(() => {
			const texts = this.onlyTexts;
			Object.assign(this, { frame: 0, onlyTexts: true });
			for (const listener of [...this.listeners]) listener(texts);
		});
	}
}
