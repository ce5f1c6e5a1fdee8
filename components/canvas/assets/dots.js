/** Dots: data on its way, painted on a canvas of its own so that the board is not drawn again. */

// Canvas pixels between two dots.
const EVERY = 42;
// Canvas pixels a second.
const SPEED = 80;
const RADIUS = 2.8;
const TICK_MS = 33;
const calm = matchMedia("(prefers-reduced-motion: reduce)");

export class Dots {
	constructor(canvas, board) {
		this.canvas = canvas;
		this.context = canvas.getContext("2d");
		this.board = board;
		this.edges = [];
		this.frame = 0;
		this.drawn = false;
		this.fit();
	}

	show(edges, colour) {
		this.edges = edges;
		this.colour = colour;
		if (!this.frame && (edges.length || this.drawn)) this.next();
	}

	next() {
		this.frame = setTimeout(() => {
			this.frame = 0;
			this.draw(performance.now() / 1000);
			if (this.edges.length && this.canvas.isConnected && !calm.matches) this.next();
		}, TICK_MS);
	}

	draw(time) {
		const { canvas, context, board, ratio } = this;
		context.setTransform(1, 0, 0, 1, 0, 0);
		context.clearRect(0, 0, canvas.width, canvas.height);
		this.drawn = this.edges.length > 0;
		const { scale, x, y } = board.view;
		context.setTransform(ratio * scale, 0, 0, ratio * scale, ratio * x, ratio * y);
		context.fillStyle = this.colour;
		for (const id of this.edges) {
			const type = board.body.edges[id]?.edgeType;
			if (type?.from && type.to) this.drawEdge(type, time);
		}
	}

	drawEdge(type, time) {
		const length = Math.hypot(type.to.x - type.from.x, type.to.y - type.from.y);
		const number = Math.max(Math.round(length / EVERY), 2);
		const start = ((time * SPEED) / Math.max(length, 1)) % (1 / number);
		this.context.beginPath();
		for (let each = 0; each < number; each += 1) {
			const { x, y } = type.getPoint(start + each / number);
			this.context.moveTo(x + RADIUS, y);
			this.context.arc(x, y, RADIUS, 0, 2 * Math.PI);
		}
		this.context.fill();
	}

	/** Have as many pixels as the screen has; called when the room changes, as asking is dear. */
	fit() {
		const ratio = (this.ratio = devicePixelRatio || 1);
		const { canvas } = this;
		canvas.width = Math.round(canvas.clientWidth * ratio);
		canvas.height = Math.round(canvas.clientHeight * ratio);
	}

	stop() {
		clearTimeout(this.frame);
		this.edges = [];
	}
}
