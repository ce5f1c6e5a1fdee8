/** Running: Run and Stop. The cards are queued at the click; the server is asked when all is saved. */

import { startRun, stopRun } from "../live/control.js";

/**
 * @typedef {{live: import("../live/live.js").Live, outbox: import("./outbox.js").Outbox, data: any,
 *   inputs: () => Record<string, string>, say: (sentence: string) => void,
 *   paint: () => void}} Desk
 */

export class Running {
  /** @param {Desk} desk */
  constructor(desk) {
    this.desk = desk;
    this.stopping = "";
  }

  async start() {
    const { desk } = this;
    const { live } = desk;
    if (live.busy) return;
    live.arm();
    desk.paint();
    try {
      await desk.outbox.whenSaved();
      const { data } = desk;
      if (data.run.why_not) throw new Error(data.run.why_not);
      await startRun(data.addresses, { flow: data.flow_id, rev: data.rev, inputs: desk.inputs() });
    } catch (error) {
      live.disarm();
      desk.say(error.message);
    }
  }

  async stop() {
    const { live, data, say } = this.desk;
    if (!live.run || live.run.status !== "running") return;
    const run = live.run.id;
    this.stopping = run;
    this.desk.paint();
    try {
      await stopRun(data.addresses, run);
    } catch (error) {
      this.stopping = "";
      say(error.message);
    }
  }

  /** @returns {boolean} the run that goes on is being stopped */
  get isStopping() {
    return Boolean(this.stopping) && this.desk.live.run?.id === this.stopping;
  }
}
