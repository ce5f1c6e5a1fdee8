/** Outbox: the edits the document does not have yet. Nothing in it is ever lost or done twice.
 *
 * Every sending holds all that is not acknowledged. It is kept in the tab's storage: a reload sends
 * what the page before could not, under that page's client: duplicated tabs share the storage.
 */

import { keep, oneFor, recall } from "../live/keep.js";

const FIRST_RESEND_MS = 4000;
/** Each sending makes the script run; a burst of edits is sent together. */
const SEND_EVERY_MS = 120;

const outboxes = new Map();

/** The one of this page; it outlives the canvas that is shown. */
export function outboxOf(flowId) {
	return oneFor(outboxes, flowId, () => new Outbox(flowId));
}

export class Outbox {
	constructor(flowId) {
		this.place = `fanfold outbox ${flowId}`;
		this.client = `client${crypto.getRandomValues(new Uint32Array(4)).join("")}`;
		this.seq = 0;
		this.own = { client: this.client, ops: [] };
		this.batches = [...(recall(this.place) ?? []), this.own];
		/** What is kept though the document does not show it yet: client → {seq, rev}. */
		this.seen = {};
		this.tries = 0;
		this.timer = 0;
		this.sentAt = -Infinity;
		this.send = () => {};
		this.waiters = [];
	}

	get pending() {
		return this.batches.flatMap((batch) => batch.ops);
	}

	get empty() {
		return this.pending.length === 0;
	}

	/** The batches that are not acknowledged. */
	unseen() {
		const after = ({ client, ops }) => ({ client, ops: later(ops, this.seen[client]?.seq) });
		return this.batches.map(after).filter((batch) => batch.ops.length > 0);
	}

	push(op) {
		this.seq += 1;
		this.own.ops.push({ seq: this.seq, ...op });
		this.tries = 0;
		this.post();
	}

	/** Send all that waits: as soon as the gesture is over, a burst together. */
	post() {
		this.keep();
		clearTimeout(this.timer);
		const wait = this.sentAt + SEND_EVERY_MS - performance.now();
		this.timer = setTimeout(() => this.sendAll(), Math.max(wait, 0));
	}

	/** Send, and again later if no answer comes. */
	sendAll() {
		if (this.empty) return;
		const { client, tries } = this;
		const earlier = this.unseen();
		const ops = earlier.at(-1)?.client === client ? earlier.pop().ops : [];
		this.sentAt = performance.now();
		this.send({ client, ops, earlier, tries });
		const again = () => {
			// Another value, or Streamlit would take it for the one it has.
			this.tries += 1;
			this.sendAll();
		};
		this.timer = setTimeout(again, FIRST_RESEND_MS * 2 ** Math.min(tries, 4));
	}

	/** The server has kept an edit of this tab: it is not sent again. Returns its op. */
	note({ client, seq, rev }) {
		this.seen[client] = { seq, rev };
		this.keep();
		return client === this.client && this.own.ops.find((op) => op.seq === seq);
	}

	/** A document came: it has what it acknowledges, and what was kept before it was read. */
	settle(acks, rev) {
		for (const batch of this.batches) {
			const seen = this.seen[batch.client];
			const kept = seen?.rev <= rev ? seen.seq : 0;
			batch.ops = later(batch.ops, Math.max(acks[batch.client] ?? 0, kept));
		}
		this.batches = this.batches.filter((batch) => batch === this.own || batch.ops.length);
		this.keep();
		if (!this.empty) return;
		clearTimeout(this.timer);
		this.waiters.splice(0).forEach((resolve) => resolve());
	}

	/** The canvas that sent is gone; what waits stays until one is shown again. */
	rest(send) {
		if (this.send === send) this.send = () => {};
	}

	whenSaved() {
		return this.empty ? Promise.resolve() : new Promise((resolve) => this.waiters.push(resolve));
	}

	owns(client) {
		return this.batches.some((batch) => batch.client === client);
	}

	keep() {
		const batches = this.unseen();
		keep(this.place, batches.length ? batches : null);
	}
}

function later(ops, seq = 0) {
	return ops.filter((op) => op.seq > seq);
}
