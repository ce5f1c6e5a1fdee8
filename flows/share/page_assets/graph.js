/** Graph: the network that pyvis made: pan, zoom, what is under the pointer, and the links. */

import { leadEdge } from "./links.js";

const ZOOM = { least: 0.05, most: 2 };
const ROOM = { left: 36, top: 36, right: 36, bottom: 36 };
const FEW = 80;
const PLAIN_BELOW = 0.36;
const MOST_DOTTED = 150;
const calm = window.matchMedia("(prefers-reduced-motion: reduce)");

export class Graph {
	/**
	 * @param {any} network vis-network's
	 * @param {any} data the page's
	 * @param {{drawn: (view: {scale: number, x: number, y: number}) => void,
	 *   tapped: (id: string | null) => void}} hooks
	 */
	constructor(network, data, hooks) {
		this.network = network;
		this.data = data;
		this.hooks = hooks;
		/** @type {(id: string) => string} */
		this.statusOf = () => "idle";
		this.selected = "";
		this.time = 0;
		this.free = true;
		this.colours = readColours();
		this.shapeNodes();
		this.leadEdges();
		network.on("afterDrawing", () => hooks.drawn(this.view));
		network.on("click", ({ pointer }) => hooks.tapped(network.getNodeAt(pointer.DOM) ?? null));
		network.on("dragEnd", () => (this.free = false));
		network.on("zoom", () => (this.free = false));
		window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
			this.colours = Object.assign(this.colours, readColours());
			this.redraw();
		});
		new ResizeObserver(() => this.resized()).observe(network.canvas.frame);
	}

	/** Cards are HTML over the canvas; a large flow seen from far away is painted as plain boxes. */
	shapeNodes() {
		const [width, height] = this.data.size;
		for (const { id } of this.data.cards) {
			const node = this.network.body.nodes[id];
			node.shape = new CardShape({ width, height, paint: (context, box) => this.paint(context, id, box) });
			node.shape.place(node.x, node.y);
		}
	}

	leadEdges() {
		const dotted = this.data.links.length <= MOST_DOTTED && !calm.matches;
		this.data.links.forEach((link, place) => {
			leadEdge(this.network.body.edges[place], link, {
				width: this.data.size[0],
				colours: this.colours,
				time: () => this.time,
				lookOf: () => this.lookOf(link, dotted),
			});
		});
	}

	lookOf({ source, target, kind }, dotted) {
		const { colours } = this;
		const status = this.statusOf(target);
		if (kind === "data" && status === "running") {
			return { colour: colours.running, width: 2, live: dotted };
		}
		const chosen = this.selected && (source === this.selected || target === this.selected);
		if (chosen) return { colour: colours.accent, width: 2, live: false };
		return { colour: status === "skipped" ? colours.hair : colours.link, width: 1.6, live: false };
	}

	paint(context, id, { left, top }) {
		if (!this.plain) return;
		const [width, height] = this.data.size;
		const status = this.statusOf(id);
		context.beginPath();
		context.roundRect(left, top, width, height, 14);
		context.fillStyle = this.colours.raised;
		context.fill();
		context.lineWidth = 1.5 / this.view.scale;
		context.strokeStyle = id === this.selected ? this.colours.accent : this.colours.line;
		context.stroke();
		if (status === "idle") return;
		context.fillStyle = this.colours[status] ?? this.colours.link;
		context.fillRect(left + 14, top + height - 30, width - 28, 14);
	}

	/** Cards are too small to be read, and too many to be drawn one by one. */
	get plain() {
		return this.data.cards.length > FEW && this.view.scale < PLAIN_BELOW;
	}

	/** @returns {{scale: number, x: number, y: number}} zoom, and where the origin is in pixels */
	get view() {
		const { scale, translation } = this.network.body.view;
		return { scale, x: translation.x, y: translation.y };
	}

	get size() {
		const { clientWidth, clientHeight } = this.network.canvas.frame;
		return { width: clientWidth, height: clientHeight };
	}

	/** Show everything, and go on doing so when the room for it changes. */
	fit() {
		this.free = true;
		const { left, top, right, bottom } = this.whole();
		const room = {
			width: Math.max(this.size.width - ROOM.left - ROOM.right, 40),
			height: Math.max(this.size.height - ROOM.top - ROOM.bottom, 40),
		};
		const wanted = Math.min(room.width / (right - left), room.height / (bottom - top), 1);
		const scale = Math.max(wanted, ZOOM.least);
		this.look({
			scale,
			x: ROOM.left + room.width / 2 - ((left + right) / 2) * scale,
			y: ROOM.top + room.height / 2 - ((top + bottom) / 2) * scale,
		});
	}

	whole() {
		const [width, height] = this.data.size;
		const boxes = [
			...this.data.cards.map(({ x, y }) => ({ left: x - width / 2, top: y - height / 2, width, height })),
			...this.data.bands,
		];
		const least = (take) => boxes.reduce((found, box) => Math.min(found, take(box)), Infinity);
		const most = (take) => boxes.reduce((found, box) => Math.max(found, take(box)), -Infinity);
		if (!boxes.length) return { left: 0, top: 0, right: width, bottom: height };
		return {
			left: least((box) => box.left),
			top: least((box) => box.top),
			right: most((box) => box.left + box.width),
			bottom: most((box) => box.top + box.height),
		};
	}

	/** Zoom about the middle of what is seen. */
	zoom(factor) {
		this.free = false;
		const { scale, x, y } = this.view;
		const next = Math.min(Math.max(scale * factor, ZOOM.least), ZOOM.most);
		const middle = { x: this.size.width / 2, y: this.size.height / 2 };
		const ratio = next / scale;
		this.look({
			scale: next,
			x: middle.x - (middle.x - x) * ratio,
			y: middle.y - (middle.y - y) * ratio,
		});
	}

	look({ scale, x, y }) {
		this.network.body.view.scale = scale;
		this.network.body.view.translation = { x, y };
		this.redraw();
	}

	resized() {
		if (this.free) this.fit();
	}

	redraw() {
		this.network.body.emitter.emit("_requestRedraw");
	}
}

/** The outline of a card, by which vis-network finds it. */
class CardShape {
	constructor({ width, height, paint }) {
		Object.assign(this, { width, height, paint, left: 0, top: 0 });
		this.boundingBox = { left: 0, top: 0, right: 0, bottom: 0 };
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

	draw(context, x, y) {
		this.place(x, y);
		this.paint(context, this);
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

const NAMES = ["page", "raised", "soft", "line", "hair", "link", "accent", "queued", "running"];
const STATES = ["finished", "failed", "skipped", "cancelled"];

function readColours() {
	const style = getComputedStyle(document.documentElement);
	return Object.fromEntries(
		[...NAMES, ...STATES].map((name) => [name, style.getPropertyValue(`--${name}`).trim()]),
	);
}
