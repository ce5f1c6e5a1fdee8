/** Running: Run and Stop. Cards are queued at the click; the server is asked when all is saved. */

import { startRun, stopRun } from "../live/control.js";

export class Running {
	constructor(desk) {
		this.desk = desk;
		this.stopping = "";
	}

	/** `again`: what it has of an earlier run. A past run is run again where its flow is edited. */
	async start(again = null) {
		const { desk } = this;
		const { live, editable } = desk;
		if (live.goes) return;
		if (editable) live.arm();
		desk.paint();
		try {
			// A text that is left by this very click is on its way to Python, before this.
			if (editable) desk.outbox.push({ command: "keep" });
			await desk.outbox.whenSaved();
			const { addresses, flow_id: flow, rev, run } = desk.data;
			if (run.why_not) throw new Error(run.why_not);
			await startRun(addresses, { flow, rev, again, inputs: again ? {} : desk.head.fields.all() });
			if (!editable) location.assign(`/?flow=${flow}`);
		} catch (error) {
			live.disarm();
			desk.say(error.message);
			desk.head.fields.focusEmpty();
		}
	}

	async stop() {
		const { desk } = this;
		const { live, data } = desk;
		if (!live.run || !live.goes || this.isStopping) return;
		this.stopping = live.run.id;
		desk.paint();
		try {
			await stopRun(data.addresses, this.stopping);
		} catch (error) {
			this.stopping = "";
			desk.say(error.message);
		}
	}

	get isStopping() {
		return Boolean(this.stopping) && this.desk.live.run?.id === this.stopping;
	}
}
