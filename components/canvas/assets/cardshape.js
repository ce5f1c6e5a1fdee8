/** CardShape: the outline by which vis-network finds a card. Painted it is elsewhere. */

import { CARD } from "./geometry.js";

export class CardShape {
	constructor() {
		this.width = CARD.width;
		this.height = CARD.height;
		this.boundingBox = { left: 0, top: 0, right: 0, bottom: 0 };
		this.place(0, 0);
	}

	place(x, y) {
		this.left = x - this.width / 2;
		this.top = y - this.height / 2;
		Object.assign(this.boundingBox, {
			left: this.left,
			top: this.top,
			right: this.left + this.width,
			bottom: this.top + this.height,
		});
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
