/** CardShape: the outline by which vis-network finds a card. Painted it is elsewhere. */

import { CARD, cardRect } from "./geometry.js";

export class CardShape {
	constructor() {
		Object.assign(this, CARD);
		this.boundingBox = {};
		this.place(0, 0);
	}

	place(x, y) {
		const { left, top } = Object.assign(this.boundingBox, cardRect({ x, y }));
		Object.assign(this, { left, top });
	}

	draw(_context, x, y) {
		this.place(x, y);
		return {};
	}

	updateBoundingBox(x, y) {
		this.place(x, y);
	}

	resize() {}

	setOptions() {}

	distanceToBorder() {
		return this.width / 2;
	}
}
