/** Replay: a run that is over, told again in its own time, faster, slower, or up to any moment. */

/** A tab that was not shown goes on where it was. */
const LONGEST_STEP_MS = 250;

export class Replay {
	/**
	 * `scenes`: `[seconds, event, body]`; `steps`: `[seconds, words]`, when nodes came to another
	 * state. `tell`: is given each event and its body, and nothing at all when it is time to draw.
	 */
	constructor({ scenes, steps }, tell) {
		Object.assign(this, { scenes, steps, tell });
		const [length, , told] = scenes.at(-1);
		this.length = length;
		/** What its time went into: known from the start of a run that is over. */
		this.why = (told.run ?? told).why;
		this.speed = 1;
		this.frame = 0;
		this.next = 0;
		this.at = 0;
		this.seek(0);
	}

	get playing() {
		return this.frame !== 0;
	}

	/** What happens now, in words. */
	get said() {
		return this.steps.findLast(([at]) => at <= this.at)[1];
	}

	/** Show the run as it was at this moment; what was before now is told from the start. */
	seek(at) {
		const known = this.next;
		if (at < this.at) this.next = 0;
		this.at = Math.min(Math.max(at, 0), this.length);
		const { scenes } = this;
		while (this.next < scenes.length && (this.next === 0 || scenes[this.next][0] <= this.at)) {
			const [, name, news] = scenes[this.next++];
			this.tell(name, news);
		}
		if (this.next !== known || !this.playing) this.tell();
		this.moved?.();
	}

	/** Stand still at the next change, or with `by` below 0 at the one before. */
	jump(by) {
		const { at, steps } = this;
		this.pause();
		const step = by < 0 ? steps.findLast(([each]) => each < at) : steps.find(([each]) => each > at);
		if (step) this.seek(step[0]);
	}

	/** Tell all up to a moment once more, from the start. */
	retell(at) {
		this.next = 0;
		this.seek(at);
	}

	/** At its end it begins anew. */
	play() {
		if (this.at >= this.length) this.seek(0);
		this.last = performance.now();
		this.step();
	}

	step() {
		this.frame = requestAnimationFrame((now) => {
			const passed = Math.min(Math.max(now - this.last, 0), LONGEST_STEP_MS) / 1000;
			this.last = now;
			this.seek(this.speed === Infinity ? this.length : this.at + passed * this.speed);
			if (!this.playing) return;
			if (this.at < this.length) this.step();
			else this.pause();
		});
	}

	pause() {
		cancelAnimationFrame(this.frame);
		this.frame = 0;
		this.tell();
		this.moved?.();
	}

	/** From the start: who presents has taken away what had only begun. */
	end() {
		this.retell(this.length);
		this.pause();
		this.moved = null;
	}
}
