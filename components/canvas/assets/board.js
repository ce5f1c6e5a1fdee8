/** Board: vis-network's part: pan, zoom, drag, finding what is under the pointer, and the edges. */

import { CardShape } from "./cardshape.js";
import { edgeId } from "./draft.js";
import { clamp, rounded } from "./geometry.js";
import { leadByPorts } from "./portedge.js";

export const ZOOM = { least: 0.1, most: 2 };

const OPTIONS = {
	physics: false,
	layout: { improvedLayout: false },
	nodes: { shape: "box", chosen: false },
	edges: {
		smooth: { type: "cubicBezier", forceDirection: "horizontal", roundness: 0.5 },
		arrows: "to",
		chosen: false,
	},
	interaction: {
		hover: true,
		hoverConnectedEdges: false,
		selectConnectedEdges: false,
		tooltipDelay: 1e9,
		keyboard: false,
	},
};

export class Board {
	constructor(holder, vis, hooks, painter) {
		this.nodeSet = new vis.DataSet();
		this.edgeSet = new vis.DataSet();
		this.painter = painter;
		this.hooks = hooks;
		this.network = new vis.Network(holder, { nodes: this.nodeSet, edges: this.edgeSet }, OPTIONS);
		this.body = this.network.body;
		this.canvas = this.network.canvas.frame.canvas;
		this.network.canvas.frame.tabIndex = -1;
		/** Nodes that follow the pointer now. */
		this.dragging = new Set();
		/** The node whose card is held down. */
		this.held = null;
		/** The edge a card would be put into. */
		this.hot = null;
		this.measure();
		this.steer();
		this.listen();
	}

	/** Cards lie over the canvas and know best which of them is on top. */
	steer() {
		const handler = this.network.selectionHandler;
		const find = handler.getNodeAt.bind(handler);
		handler.getNodeAt = (pointer, whole = true) => {
			if (this.held === null || !this.body.nodes[this.held]) return find(pointer, whole);
			return whole ? this.body.nodes[this.held] : this.held;
		};
	}

	listen() {
		const { network, hooks } = this;
		network.on("beforeDrawing", () => hooks.before());
		network.on("afterDrawing", (context) => hooks.draw(context));
		const found = ({ pointer, event }) => {
			const node = network.getNodeAt(pointer.DOM);
			const edge = node === undefined ? network.getEdgeAt(pointer.DOM) : undefined;
			return { node, edge, at: pointer.canvas, event: event.srcEvent };
		};
		network.on("click", (news) => hooks.tap(found(news)));
		network.on("doubleClick", (news) => hooks.doubleTap(found(news)));
		network.on("dragStart", ({ nodes }) => {
			this.dragging = new Set(nodes);
			this.grabbed = JSON.stringify(this.positions(nodes));
		});
		network.on("dragging", ({ event }) =>
			this.dragging.size ? hooks.drag([...this.dragging], event.srcEvent) : hooks.pan(),
		);
		const point = (cursor) => () => (this.canvas.style.cursor = cursor);
		network.on("hoverEdge", point("pointer"));
		network.on("blurEdge", point(""));
		network.on("dragEnd", () => this.drop());
	}

	drop() {
		const ids = [...this.dragging].filter((id) => this.body.nodes[id]);
		this.dragging = new Set();
		const moved = ids.length && JSON.stringify(this.positions(ids)) !== this.grabbed;
		const into = this.hot;
		this.heat(null);
		if (moved) this.hooks.dragged(ids, into);
		else this.hooks.pan();
	}

	edgeUnder(event) {
		return this.network.getEdgeAt(this.pixelOf(event)) ?? null;
	}

	heat(edge) {
		if (this.hot === edge) return;
		this.hot = edge;
		this.redraw();
	}

	/** Bring the board to the draft. A node that is being dragged stays where it is. */
	show(draft) {
		const ids = new Set(draft.nodes.map((node) => node.id));
		const edges = new Map(draft.edges.map((edge) => [edgeId(edge), edge]));
		this.edgeSet.remove(this.edgeSet.getIds().filter((id) => !edges.has(id)));
		this.nodeSet.remove(this.nodeSet.getIds().filter((id) => !ids.has(id)));
		const added = draft.nodes.filter((node) => !this.body.nodes[node.id]);
		this.nodeSet.add(added.map(({ id }) => ({ id, ...draft.layout[id] })));
		for (const { id } of added) this.body.nodes[id].shape = new CardShape();
		const links = [...edges].filter(([id]) => !this.body.edges[id]);
		this.edgeSet.add(links.map(([id, edge]) => ({ id, from: edge.source, to: edge.target })));
		for (const [id] of links) leadByPorts(this.body.edges[id], this.painter);
		this.dragging.forEach((id) => ids.has(id) || this.dragging.delete(id));
		for (const id of ids) if (draft.layout[id]) this.put(id, draft.layout[id]);
		this.redraw();
	}

	put(id, { x, y }) {
		const node = this.body.nodes[id];
		if (!node || this.dragging.has(id)) return;
		node.x = x;
		node.y = y;
		node.shape.place(x, y);
	}

	select(nodes, edges) {
		this.network.setSelection(
			{
				nodes: nodes.filter((id) => this.body.nodes[id]),
				edges: edges.filter((id) => this.body.edges[id]),
			},
			{ unselectAll: true, highlightEdges: false },
		);
	}

	at(id) {
		const node = this.body.nodes[id];
		return node ? { x: node.x, y: node.y } : null;
	}

	positions(ids) {
		const known = ids.filter((id) => this.body.nodes[id]);
		return Object.fromEntries(known.map((id) => [id, rounded(this.at(id))]));
	}

	get view() {
		const { scale, translation } = this.body.view;
		return { scale, x: translation.x, y: translation.y };
	}

	/** Learn how much room there is; called when it changes, as asking is dear. */
	measure() {
		this.size = { width: this.canvas.clientWidth, height: this.canvas.clientHeight };
	}

	look({ scale, x, y }) {
		this.body.view.scale = clamp(scale, ZOOM.least, ZOOM.most);
		this.body.view.translation = { x, y };
		this.redraw();
	}

	/** Bring a layer to where the board is. */
	lay({ style }) {
		const { scale, x, y } = this.view;
		style.transform = `translate(${x}px, ${y}px) scale(${scale})`;
	}

	/** Zoom so that the point under the pointer stays there. */
	zoom(factor, pointer) {
		const { scale, x, y } = this.view;
		const next = clamp(scale * factor, ZOOM.least, ZOOM.most);
		const ratio = next / scale;
		this.look({
			scale: next,
			x: pointer.x - (pointer.x - x) * ratio,
			y: pointer.y - (pointer.y - y) * ratio,
		});
		this.hooks.pan();
	}

	/** Where an event is, in pixels from the canvas's corner. */
	pixelOf({ clientX, clientY }) {
		const { left, top } = this.canvas.getBoundingClientRect();
		return { x: clientX - left, y: clientY - top };
	}

	pointOf(event) {
		const pixel = this.pixelOf(event);
		const { scale, x, y } = this.view;
		return { x: (pixel.x - x) / scale, y: (pixel.y - y) / scale };
	}

	redraw() {
		this.body.emitter.emit("_requestRedraw");
	}

	destroy() {
		this.network.destroy();
	}
}
