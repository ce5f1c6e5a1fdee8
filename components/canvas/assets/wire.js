/** Wire: what goes to Python and comes from it, besides the drawing. */

import { arrive, leavingFor } from "../live/leaving.js";

const SELECTION_REST_MS = 60;
const INPUTS_REST_MS = 700;
const NOTICE_REST_MS = 250;

/** Refusals that were said; they outlive the canvas that is shown. */
const said = new Set();

export class Wire {
	constructor(canvas) {
		this.canvas = canvas;
		this.component = null;
		this.send = (value) => {
			this.put("outbox", value);
			// One run of the script for both.
			this.flushSelection();
		};
		/** What waits until it is sure that this page stays. */
		this.held = {};
		/** Selections that came from here: their echo is no news. */
		this.sent = new Set();
		this.told = "[]";
		this.timers = {};
		this.layout = null;
	}

	later(name, wait, act) {
		clearTimeout(this.timers[name]);
		this.timers[name] = setTimeout(act, wait);
	}

	put(name, value) {
		this.held[name] = value;
		clearTimeout(this.timers.held);
		const send = () => {
			for (const [each, held] of Object.entries(this.held)) this.component.setStateValue(each, held);
			this.held = {};
		};
		const wait = leavingFor();
		if (wait) this.timers.held = setTimeout(send, wait);
		else send();
	}

	flush() {
		this.canvas.outbox.sendAll();
		this.flushSelection();
		this.flushInputs();
	}

	take(component) {
		const first = !this.component;
		this.component = component;
		const { outbox } = this.canvas;
		outbox.send = this.send;
		if (first) outbox.settle(component.data.acks, component.data.rev);
		if (first && !outbox.empty) outbox.post();
	}

	listen() {
		const read = (notice) => this.hear(notice);
		const { live, outbox } = this.canvas;
		live.readers.add(read);
		return [
			arrive(() => this.flush()),
			() => live.readers.delete(read),
			() => outbox.rest(this.send),
			() => Object.values(this.timers).forEach((timer) => clearTimeout(timer)),
		];
	}

	hear(notice) {
		const { rev, client } = notice;
		if (this.canvas.outbox.owns(client)) return this.canvas.kept(notice);
		this.later("notice", NOTICE_REST_MS, () => this.canvas.data.rev < rev && this.put("seen", rev));
	}

	sendSelection() {
		this.later("selection", SELECTION_REST_MS, () => this.flushSelection());
	}

	flushSelection() {
		clearTimeout(this.timers.selection);
		const ids = [...this.canvas.selection.ids].sort();
		const text = JSON.stringify(ids);
		if (text === this.told || !this.component) return;
		this.told = text;
		this.sent.add(text);
		this.put("selection", ids);
	}

	/** Take Python's selection where it is news: on the first sight, and when Python changed it. */
	takeSelection(first) {
		const { data, selection } = this.canvas;
		const ids = [...data.selection].sort();
		const text = JSON.stringify(ids);
		const known = text === this.heard || this.sent.has(text);
		this.heard = text;
		// What was chosen on another page of the app Python has to hear of.
		if (first && selection.ids.size) return this.sendSelection();
		if (!first && known) return;
		this.told = text;
		selection.set(ids);
	}

	sendInputs() {
		this.later("inputs", INPUTS_REST_MS, () => this.flushInputs());
	}

	flushInputs() {
		clearTimeout(this.timers.inputs);
		if (this.timers.inputs) this.put("inputs", this.canvas.head.fields.all());
		this.timers.inputs = 0;
	}

	awaitLayout() {
		this.layout = this.canvas.outbox.seq;
	}

	arranged() {
		const { data, outbox } = this.canvas;
		if (this.layout === null || (data.acks[outbox.client] ?? 0) < this.layout) return false;
		this.layout = null;
		return true;
	}

	refusals() {
		const { data, outbox } = this.canvas;
		return data.refused.filter(({ client, seq }) => {
			const name = `${client} ${seq}`;
			const news = client === outbox.client && !said.has(name);
			if (news) said.add(name);
			return news;
		});
	}
}
