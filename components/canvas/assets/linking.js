/** Linking: drawing a link from a port with a rubber line, and what is offered where it drops. */

import { apart, followPointer } from "../live/dom.js";
import { CARD, cardRect, curve, overlap, spotRect } from "./geometry.js";

const NEAR = 14;
const FAR_PX = 24;

export class Linking {
	constructor(desk) {
		this.desk = desk;
		this.parts = desk.parts;
		this.board = desk.board;
		this.path = desk.parts.rubber;
	}

	begin(id, side, start) {
		this.cancel();
		this.parts.stage.classList.add("ff-linking");
		let target = null;
		const move = (event) => {
			target = this.under(event, id);
			this.mark(target);
			this.draw(id, side, target === null ? this.board.pointOf(event) : this.portOf(target, side));
		};
		followPointer(move, (event, kept) => {
			this.parts.stage.classList.remove("ff-linking");
			this.mark(null);
			if (kept) this.drop(id, side, target, event, start);
			else this.cancel();
		});
		move(start);
	}

	drop(id, side, target, event, start) {
		const far = apart(event, start) > FAR_PX;
		const under = document.elementFromPoint(event.clientX, event.clientY);
		if (target === null && far && this.parts.stage.contains(under)) {
			const { x, y } = this.board.pointOf(event);
			const shift = (side === "out" ? 1 : -1) * (CARD.width / 2 + 8);
			this.desk.commands.offerNext(id, side, event, { x: x + shift, y });
			return;
		}
		this.cancel();
		if (target !== null) this.desk.editing.link(...(side === "out" ? [id, target] : [target, id]));
	}

	mark(id) {
		this.desk.cards.mark("ff-target", id ? [id] : []);
	}

	cancel() {
		this.path.removeAttribute("d");
	}

	refuse(source, target) {
		this.draw(source, "out", this.portOf(target, "out"), "ff-rubber ff-refused");
	}

	/** `free`: the end that is not on a port of this card. */
	draw(id, side, free, look = "ff-rubber") {
		const port = this.portOf(id, side === "out" ? "in" : "out");
		const [a, b, c, d] = side === "out" ? curve(port, free) : curve(free, port);
		const { scale, x, y } = this.board.view;
		const at = (point) => `${point.x * scale + x} ${point.y * scale + y}`;
		this.path.setAttribute("d", `M${at(a)} C${at(b)} ${at(c)} ${at(d)}`);
		this.path.setAttribute("class", look);
	}

	/** The place of the port where a link that started at `side` of another card ends. */
	portOf(id, side) {
		const { x, y } = this.board.at(id);
		return { x: x + (side === "out" ? -1 : 1) * (CARD.width / 2), y };
	}

	under(event, self) {
		const spot = spotRect(this.board.pointOf(event));
		const ids = this.board.nodeSet.getIds().filter((id) => id !== self);
		const within = (margin) =>
			ids.findLast((id) => overlap(spot, cardRect(this.board.at(id), margin)));
		return within(0) ?? within(NEAR) ?? null;
	}
}
