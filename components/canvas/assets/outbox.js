/** Outbox: the edits the server has not acknowledged. Nothing in it is ever lost or done twice.
 *
 * It is cumulative: every sending holds all that waits. It is kept in the tab's storage, so that a
 * reload sends what the page before could not; those go under their own client, as a duplicated
 * tab shares the storage and must not count on under the same name.
 */

import { keep, recall } from "../live/keep.js";

/**
 * @typedef {{seq: number, edit?: import("./draft.js").Edit, command?: string}} Op
 * @typedef {{client: string, ops: Op[]}} Batch
 */

const FIRST_RESEND_MS = 4000;
/** Each sending makes the script run; a burst of edits is sent together. */
const SEND_EVERY_MS = 120;

const outboxes = new Map();

/** @returns {Outbox} the one of this page; it outlives the canvas that is shown */
export function outboxOf(flowId) {
	let outbox = outboxes.get(flowId);
	if (!outbox) outboxes.set(flowId, (outbox = new Outbox(flowId)));
	return outbox;
}

export class Outbox {
	constructor(flowId) {
		this.place = `fanfold outbox ${flowId}`;
		this.client = crypto.getRandomValues(new Uint8Array(8)).reduce(
			(text, byte) => text + byte.toString(16).padStart(2, "0"),
			"c",
		);
		this.seq = 0;
		this.ops = [];
		this.earlier = recall(this.place) ?? [];
		this.tries = 0;
		this.timer = 0;
		this.sentAt = -Infinity;
		this.send = () => {};
		this.waiters = [];
	}

	/** @returns {boolean} nothing waits */
	get empty() {
		return this.ops.length === 0 && this.earlier.length === 0;
	}

	/** @returns {Op[]} all that waits, in the order it was done */
	get pending() {
		return [...this.earlier.flatMap((batch) => batch.ops), ...this.ops];
	}

	/** Put an op in and send. */
	push(op) {
		this.seq += 1;
		this.ops.push({ seq: this.seq, ...op });
		this.tries = 0;
		this.post();
	}

	/** Send all that waits: as soon as the gesture is over, a burst together. */
	post() {
		this.keep();
		window.clearTimeout(this.timer);
		const wait = this.sentAt + SEND_EVERY_MS - performance.now();
		this.timer = window.setTimeout(() => this.sendAll(), Math.max(wait, 0));
	}

	/** Send, and again later if no answer comes. */
	sendAll() {
		if (this.empty) return;
		const { client, ops, earlier, tries } = this;
		this.sentAt = performance.now();
		this.send({ client, ops: [...ops], earlier: [...earlier], tries });
		this.timer = window.setTimeout(
			() => {
				this.tries += 1; // another value, or Streamlit would take it for the one it has
				this.sendAll();
			},
			FIRST_RESEND_MS * 2 ** Math.min(tries, 4),
		);
	}

	/**
	 * Take out what the server has taken.
	 * @param {Record<string, number>} acks client → last seq
	 */
	settle(acks) {
		const open = (batch) => {
			const seen = acks[batch.client] ?? 0;
			return { ...batch, ops: batch.ops.filter((op) => op.seq > seen) };
		};
		this.ops = open({ client: this.client, ops: this.ops }).ops;
		this.earlier = this.earlier.map(open).filter((batch) => batch.ops.length > 0);
		this.keep();
		if (!this.empty) return;
		window.clearTimeout(this.timer);
		this.waiters.splice(0).forEach((resolve) => resolve());
	}

	/** The canvas that sent is gone; what waits stays until one is shown again. */
	rest(send) {
		if (this.send === send) this.send = () => {};
	}

	/** @returns {Promise<void>} resolves when all that waits now is acknowledged */
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

