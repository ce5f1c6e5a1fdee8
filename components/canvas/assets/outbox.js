/** Outbox: the edits the server has not acknowledged. Nothing in it is ever lost or done twice.
 *
 * Every sending holds all that waits. It is kept in the tab's storage: a reload sends what the page
 * before could not, under that page's client, for a duplicated tab shares the storage.
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
		const numbers = crypto.getRandomValues(new Uint32Array(4));
		this.client = `client${Array.from(numbers, (number) => number.toString(36)).join("")}`;
		this.seq = 0;
		this.ops = [];
		this.earlier = recall(this.place) ?? [];
		this.tries = 0;
		this.timer = 0;
		this.sentAt = -Infinity;
		this.send = () => {};
		this.waiters = [];
	}

	get empty() {
		return this.ops.length === 0 && this.earlier.length === 0;
	}

	get pending() {
		return [...this.earlier.flatMap((batch) => batch.ops), ...this.ops];
	}

	push(op) {
		this.seq += 1;
		this.ops.push({ seq: this.seq, ...op });
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
		const { client, ops, earlier, tries } = this;
		this.sentAt = performance.now();
		this.send({ client, ops: [...ops], earlier: [...earlier], tries });
		this.timer = setTimeout(
			() => {
				this.tries += 1; // another value, or Streamlit would take it for the one it has
				this.sendAll();
			},
			FIRST_RESEND_MS * 2 ** Math.min(tries, 4),
		);
	}

	settle(acks) {
		const open = (batch) => {
			const seen = acks[batch.client] ?? 0;
			return { ...batch, ops: batch.ops.filter((op) => op.seq > seen) };
		};
		this.ops = open({ client: this.client, ops: this.ops }).ops;
		this.earlier = this.earlier.map(open).filter((batch) => batch.ops.length > 0);
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
		return client === this.client || this.earlier.some((batch) => batch.client === client);
	}

	keep() {
		const own = { client: this.client, ops: this.ops };
		const batches = [...this.earlier, own].filter((batch) => batch.ops.length > 0);
		keep(this.place, batches.length ? batches : null);
	}
}
