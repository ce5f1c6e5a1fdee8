/** Linking: drawing a link from a port with a rubber line, and what is offered where it drops. */

import { apart, followPointer } from "../live/dom.js";
import { CARD, cardRect, curve, overlap, spotRect } from "./geometry.js";

const NEAR = 14;
const FAR_PX = 24;

/** The links between some cards and one at their `side`. */
export function pairs(from, side, target) {
	return from.map((id) => (side === "out" ? [id, target] : [target, id]));
}

export class Linking {
	constructor(desk) {
		this.desk = desk;
		this.parts = desk.parts;
		this.board = desk.board;
		this.path = desk.parts.rubber;
	}

	/** A port of one of several chosen cards stands for them all. */
	begin(id, side, start) {
		this.cancel();
		const { ids } = this.desk.selection;
		const has = ({ type }) => side === "out" || type !== "input";
		const nodes = this.desk.draft.nodes.filter((node) => ids.has(node.id) && has(node));
		const from = ids.has(id) ? nodes.map((node) => node.id) : [id];
		this.parts.stage.classList.add("ff-linking");
		let target = null;
		const move = (event) => {
			target = this.under(event, from);
			this.mark(target);
			this.draw(from, side, target === null ? this.board.pointOf(event) : this.portOf(target, side));
		};
		followPointer(move, (event, kept) => {
			this.parts.stage.classList.remove("ff-linking");
			this.mark(null);
			if (kept) this.drop(from, side, target, event, start);
			else this.cancel();
		});
		move(start);
	}

	drop(from, side, target, event, start) {
		const far = apart(event, start) > FAR_PX;
		const under = document.elementFromPoint(event.clientX, event.clientY);
		if (target === null && far && this.parts.stage.contains(under)) {
			const { x, y } = this.board.pointOf(event);
			const shift = (side === "out" ? 1 : -1) * (CARD.width / 2 + 8);
			return this.desk.commands.offerNext(from, side, event, { x: x + shift, y });
		}
		this.cancel();
		if (target !== null) this.desk.editing.link(pairs(from, side, target));
	}

	mark(id) {
		this.desk.cards.mark("ff-target", id ? [id] : []);
	}

	cancel() {
		this.path.removeAttribute("d");
	}

	refuse(source, target) {
		this.draw([source], "out", this.portOf(target, "out"), "ff-rubber ff-refused");
	}

	/** `free`: the end that is not on a port of these cards. */
	draw(from, side, free, look = "ff-rubber") {
		const { scale, x, y } = this.board.view;
		const at = (point) => `${point.x * scale + x} ${point.y * scale + y}`;
		const line = (id) => {
			const port = this.portOf(id, side === "out" ? "in" : "out");
			const [a, b, c, d] = side === "out" ? curve(port, free) : curve(free, port);
			return `M${at(a)} C${at(b)} ${at(c)} ${at(d)}`;
		};
		this.path.setAttribute("d", from.map(line).join(""));
		this.path.setAttribute("class", look);
	}

	/** The place of the port where a link that started at `side` of another card ends. */
	portOf(id, side) {
		const { x, y } = this.board.at(id);
		return { x: x + (side === "out" ? -1 : 1) * (CARD.width / 2), y };
	}

	under(event, from) {
		const spot = spotRect(this.board.pointOf(event));
		const ids = this.board.nodeSet.getIds().filter((id) => !from.includes(id));
		const within = (margin) =>
			ids.findLast((id) => overlap(spot, cardRect(this.board.at(id), margin)));
		return within(0) ?? within(NEAR) ?? null;
	}
}
