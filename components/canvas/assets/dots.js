/** Dots: data on its way, and a glow around who works, under the cards: nothing else is drawn for them. */

import { onBeat } from "../live/dom.js";
import { CARD } from "./geometry.js";

// Canvas pixels between two dots.
const EVERY = 42;
// Canvas pixels a second.
const SPEED = 80;
const RADIUS = 2.8;
const GLOW = { width: 6, corner: 17, strength: 0.24, seconds: 1.8 };
const calm = matchMedia("(prefers-reduced-motion: reduce)");

export class Dots {
	constructor(canvas, board) {
		this.canvas = canvas;
		this.context = canvas.getContext("2d");
		this.board = board;
		this.edges = [];
		this.nodes = [];
		this.frame = 0;
		this.drawn = false;
		this.fit();
	}

	/** `edges` and `nodes`: those on which dots run, and those at work. */
	show(edges, nodes, colour) {
		Object.assign(this, { edges, nodes, colour });
		if (!this.frame && (this.moves || this.drawn)) this.next();
	}

	get moves() {
		return this.edges.length + this.nodes.length > 0;
	}

	next() {
		this.frame = onBeat(1, () => {
			this.frame = 0;
			this.draw(performance.now() / 1000);
			if (this.moves && this.canvas.isConnected && !calm.matches) this.next();
		});
	}

	draw(time) {
		const { canvas, context, board, ratio } = this;
		context.setTransform(1, 0, 0, 1, 0, 0);
		context.clearRect(0, 0, canvas.width, canvas.height);
		this.drawn = this.moves;
		const { scale, x, y } = board.view;
		context.setTransform(ratio * scale, 0, 0, ratio * scale, ratio * x, ratio * y);
		this.glow(time);
		context.fillStyle = this.colour;
		for (const id of this.edges) {
			const type = board.body.edges[id]?.edgeType;
			if (type?.from && type.to) this.drawEdge(type, time);
		}
	}

	glow(time) {
		const { board, context } = this;
		const phase = calm.matches ? 1 : (1 - Math.cos((2 * Math.PI * time) / GLOW.seconds)) / 2;
		context.beginPath();
		for (const id of this.nodes) {
			const at = board.at(id);
			if (!at) continue;
			const [width, height] = [CARD.width + GLOW.width, CARD.height + GLOW.width];
			context.roundRect(at.x - width / 2, at.y - height / 2, width, height, GLOW.corner);
		}
		Object.assign(context, { strokeStyle: this.colour, lineWidth: GLOW.width });
		context.globalAlpha = phase * GLOW.strength;
		context.stroke();
		context.globalAlpha = 1;
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
		this.edges = this.nodes = [];
	}
}
