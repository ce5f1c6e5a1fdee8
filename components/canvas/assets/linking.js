/** Linking: drawing a link from a port with a rubber line, and what is offered where it drops. */

import { followPointer, make } from "../live/dom.js";
import { icon } from "../live/icons.js";
import { CARD, cardRect, curve, overlap } from "./geometry.js";

const SVG = "http://www.w3.org/2000/svg";
const NEAR = 14;

export class Linking {
	constructor(parts, board, hooks) {
		this.parts = parts;
		this.board = board;
		this.hooks = hooks;
		this.path = document.createElementNS(SVG, "path");
		this.path.setAttribute("class", "ff-rubber");
		const svg = document.createElementNS(SVG, "svg");
		svg.setAttribute("class", "ff-rubber-sheet");
		svg.append(this.path);
		parts.wire.append(svg);
		this.offer = null;
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
		if (target !== null) {
			this.cancel();
			if (side === "out") this.hooks.link(id, target);
			else this.hooks.link(target, id);
			return;
		}
		const far = Math.hypot(event.clientX - start.clientX, event.clientY - start.clientY) > 24;
		const under = document.elementFromPoint(event.clientX, event.clientY);
		if (far && this.parts.stage.contains(under)) this.ask(id, side, event);
		else this.cancel();
	}

	/** Offer an agent where the link was dropped. */
	ask(id, side, event) {
		const port = this.board.pointOf(event);
		const shift = (side === "out" ? 1 : -1) * (CARD.width / 2 + 8);
		const box = this.parts.stage.getBoundingClientRect();
		const add = () => {
			this.cancel();
			this.hooks.add(id, side, { x: Math.round(port.x + shift), y: Math.round(port.y) });
		};
		const offer = make(
			"button",
			{ class: "ff-offer", type: "button", testid: "add-here", on: { click: add } },
			icon("plus", 16),
			make("span", { text: "Add agent here" }),
		);
		offer.style.left = `${Math.min(Math.max(event.clientX - box.left, 8), box.width - 150)}px`;
		offer.style.top = `${Math.min(Math.max(event.clientY - box.top, 24), box.height - 24)}px`;
		this.offer = offer;
		this.parts.hud.append(offer);
		offer.focus({ preventScroll: true });
		this.away = (press) => press.target.closest?.(".ff-offer") || this.cancel();
		window.addEventListener("pointerdown", this.away, { capture: true });
	}

	/** Let go of a link that is being drawn or offered. @returns {boolean} there was one */
	cancel() {
		const was = this.offer !== null;
		if (this.away) window.removeEventListener("pointerdown", this.away, { capture: true });
		this.away = null;
		this.offer?.remove();
		this.offer = null;
		this.path.removeAttribute("d");
		return was;
	}

	/** @param {{x: number, y: number}} free the end that is not on a port of this card */
	draw(id, side, free) {
		const port = this.portOf(id, side === "out" ? "in" : "out");
		const [a, b, c, d] = side === "out" ? curve(port, free) : curve(free, port);
		const { scale, x, y } = this.board.view;
		const at = (point) => `${point.x * scale + x} ${point.y * scale + y}`;
		this.path.setAttribute("d", `M${at(a)} C${at(b)} ${at(c)} ${at(d)}`);
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
