/** Sight: which part of a run's time is seen: all of it, or what was zoomed to. */

/** Less time is not shown: no figure is told more exactly. */
const LEAST_S = 0.1;

export class Sight {
	constructor() {
		this.whole = 1;
		this.open();
	}

	/** See all of it. */
	open() {
		Object.assign(this, { zoom: 1, from: 0 });
	}

	get span() {
		return this.whole / this.zoom;
	}

	/** Where a moment is, as a part of the width. */
	part(at) {
		return (at - this.from) / this.span;
	}

	at(part) {
		return this.from + part * this.span;
	}

	/** Come closer by a factor; the moment at this part of the width stays where it is. */
	look(factor, part = 0.5) {
		const at = this.at(part);
		this.zoom = Math.max(Math.min(this.zoom * factor, this.whole / LEAST_S), 1);
		this.move(at - part * this.span - this.from);
	}

	/** See what is some seconds later. */
	move(seconds) {
		this.from = Math.max(Math.min(this.from + seconds, this.whole - this.span), 0);
	}

	/** Time goes on: `whole` seconds can be seen. */
	grow(whole) {
		this.whole = whole;
		this.look(1);
	}
}
