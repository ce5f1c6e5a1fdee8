/** Minimap: the whole flow small, with a frame around what is seen; shown where it helps. */

import { followPointer, on } from "../live/dom.js";
import { STATUS_COLOURS } from "../live/theme.js";
import { CARD, around, cardRect, inside } from "./geometry.js";

const SIZE = { width: 148, height: 92 };
const MARGIN = 20;

export class Minimap {
	constructor(canvas, board, viewport) {
		this.board = board;
		this.viewport = viewport;
		this.canvas = canvas;
		this.context = canvas.getContext("2d");
		on(canvas, "pointerdown", (event) => this.follow(event));
	}

	draw({ ids, statusOf, theme }) {
		const places = ids.map((id) => ({ id, at: this.board.at(id) })).filter(({ at }) => at);
		const whole = around(places.map(({ at }) => cardRect(at, MARGIN)));
		const seen = this.viewport.sight();
		this.canvas.hidden = !whole || places.length < 2 || inside(whole, seen);
		this.canvas.dataset.on = this.viewport.free && (whole?.right > seen.right ? "right" : "down");
		if (this.canvas.hidden) return;
		const { context } = this;
		const ratio = devicePixelRatio || 1;
		this.canvas.width = SIZE.width * ratio;
		this.canvas.height = SIZE.height * ratio;
		const [across, down] = [whole.right - whole.left, whole.bottom - whole.top];
		const scale = Math.min(SIZE.width / across, SIZE.height / down);
		const left = (SIZE.width / scale - across) / 2 - whole.left;
		const top = (SIZE.height / scale - down) / 2 - whole.top;
		this.map = { scale, left, top };
		const zoom = ratio * scale;
		context.setTransform(zoom, 0, 0, zoom, zoom * left, zoom * top);
		for (const { id, at } of places) {
			const status = statusOf(id);
			context.fillStyle = status === "idle" ? theme.border : theme[STATUS_COLOURS[status]];
			context.fillRect(at.x - CARD.width / 2, at.y - CARD.height / 2, CARD.width, CARD.height);
		}
		context.strokeStyle = theme.accent;
		context.lineWidth = 1.5 / scale;
		context.strokeRect(seen.left, seen.top, seen.right - seen.left, seen.bottom - seen.top);
	}

	follow(event) {
		const look = (at) => {
			const box = this.canvas.getBoundingClientRect();
			const { scale, left, top } = this.map;
			this.viewport.go({
				x: (at.clientX - box.left) / scale - left,
				y: (at.clientY - box.top) / scale - top,
			});
		};
		look(event);
		followPointer(look, () => {});
	}
}
