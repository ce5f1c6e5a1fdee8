/** Linking: drawing a link from a port with a rubber line, and what is offered where it drops. */

import { followPointer } from "../live/dom.js";
import { SVG } from "../live/icons.js";
import { CARD, cardRect, curve, overlap } from "./geometry.js";

const NEAR = 14;
const FAR_PX = 24;

export class Linking {
	constructor(parts, board, hooks) {
		this.parts = parts;
		this.board = board;
		this.hooks = hooks;
		this.path = document.createElementNS(SVG, "path");
		const svg = document.createElementNS(SVG, "svg");
		svg.setAttribute("class", "ff-rubber-sheet");
		svg.append(this.path);
		parts.wire.append(svg);
	}

	/**
	 * @param {string} id the card the link starts from
	 * @param {string} side `out` or `in`
	 */
	begin(id, side, start) {
		this.cancel();
		this.parts.stage.classList.add("ff-linking");
		let target = null;
		const move = (event) => {
			target = this.under(event, id);
			this.hooks.mark(target);
			this.draw(id, side, target === null ? this.board.pointOf(event) : this.portOf(target, side));
		};
		followPointer(move, (event, kept) => {
			this.parts.stage.classList.remove("ff-linking");
			this.hooks.mark(null);
			if (kept) this.drop(id, side, target, event, start);
			else this.cancel();
		});
		move(start);
	}

	drop(id, side, target, event, start) {
		const far = Math.hypot(event.clientX - start.clientX, event.clientY - start.clientY) > FAR_PX;
		const under = document.elementFromPoint(event.clientX, event.clientY);
		if (target === null && far && this.parts.stage.contains(under)) {
			const { x, y } = this.board.pointOf(event);
			const shift = (side === "out" ? 1 : -1) * (CARD.width / 2 + 8);
			this.hooks.ask(id, side, event, { x: x + shift, y });
			return;
		}
		this.cancel();
		if (target !== null) this.hooks.link(...(side === "out" ? [id, target] : [target, id]));
	}

	cancel() {
		this.path.removeAttribute("d");
	}

	/** Show a link that cannot be. */
	refuse(source, target) {
		this.draw(source, "out", this.portOf(target, "out"), "ff-rubber ff-refused");
	}

	/** @param {{x: number, y: number}} free the end that is not on a port of this card */
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

	/** @returns {string | null} the card under the pointer, or nearly */
	under(event, self) {
		const { x, y } = this.board.pointOf(event);
		const spot = { left: x, right: x, top: y, bottom: y };
		const ids = this.board.nodeSet.getIds().filter((id) => id !== self);
		const within = (margin) =>
			ids.findLast((id) => overlap(spot, cardRect(this.board.at(id), margin)));
		return within(0) ?? within(NEAR) ?? null;
	}
}
