/** Running: Run and Stop. Cards are queued at the click; the server is asked when all is saved. */

import { startRun, stopRun } from "../live/control.js";

export class Running {
	constructor(desk) {
		this.desk = desk;
		this.stopping = "";
	}

	async start() {
		const { desk } = this;
		const { live } = desk;
		if (live.goes) return;
		live.arm();
		desk.paint();
		try {
			// A text that is left by this very click is on its way to Python, before this.
			desk.outbox.push({ command: "keep" });
			await desk.outbox.whenSaved();
			const { data } = desk;
			if (data.run.why_not) throw new Error(data.run.why_not);
			await startRun(data.addresses, { flow: data.flow_id, rev: data.rev, inputs: desk.inputs() });
		} catch (error) {
			live.disarm();
			desk.say(error.message);
			desk.head.fields.focusEmpty();
		}
	}

	async stop() {
		const { desk } = this;
		const { live, data } = desk;
		if (!live.run || !live.goes) return;
		const run = live.run.id;
		this.stopping = run;
		desk.paint();
		try {
			await stopRun(data.addresses, run);
		} catch (error) {
			this.stopping = "";
			desk.say(error.message);
		}
	}

	get isStopping() {
		return Boolean(this.stopping) && this.desk.live.run?.id === this.stopping;
	}
}
