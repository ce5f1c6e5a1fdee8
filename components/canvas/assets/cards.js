/** Cards: the layer of HTML cards over the board; only those in sight are filled and shown. */

import { Card } from "./card.js";
import { FAR_BELOW, FEW_CARDS, PLAIN_BELOW, SMALL_BELOW, cardRect, overlap } from "./geometry.js";

const NO_PROBLEMS = [];

export class Cards {
	constructor({ cards, card }, board, viewport) {
		this.layer = cards;
		this.template = card;
		this.board = board;
		this.viewport = viewport;
		this.cards = new Map();
	}

	/** Have a shell for every node, in an order that the Tab key can walk. */
	keep(ids) {
		const wanted = new Set(ids);
		for (const [id, card] of this.cards) {
			if (wanted.has(id)) continue;
			card.shell.remove();
			this.cards.delete(id);
		}
		for (const id of ids) if (!this.cards.has(id)) this.cards.set(id, new Card(id, this.template));
		// Moving an element takes its focus away, so only those that stand wrong are moved.
		let before = this.layer.firstElementChild;
		for (const id of ids) {
			const { shell } = this.cards.get(id);
			if (shell === before) before = before.nextElementSibling;
			else this.layer.insertBefore(shell, before);
		}
	}

	get plain() {
		return this.cards.size > FEW_CARDS && this.board.view.scale < PLAIN_BELOW;
	}

	follow() {
		const { scale } = this.board.view;
		this.board.lay(this.layer);
		// In steps: every new one restyles all cards.
		this.layer.style.setProperty("--ff-scale", Math.min(Math.round(scale * 20) / 20, 1));
		this.layer.toggleAttribute("data-far", scale < FAR_BELOW);
		this.layer.toggleAttribute("data-small", scale < SMALL_BELOW);
		const { plain } = this;
		const sight = this.cards.size > FEW_CARDS ? this.viewport.sight() : null;
		const fresh = [];
		for (const [id, card] of this.cards) {
			const at = this.board.at(id);
			if (!at) continue;
			const seen = !plain && (!sight || overlap(sight, cardRect(at, 40)));
			if (seen && !card.shown) fresh.push(card);
			card.show(seen);
			if (seen) card.move(at);
		}
		return fresh;
	}

	draw(nodes, state, only) {
		for (const node of nodes) {
			if (only && !only.includes(node.id)) continue;
			this.cards.get(node.id)?.draw(node, state.progress(node.id), {
				selected: state.selected.has(node.id),
				problems: state.problems.get(node.id) ?? NO_PROBLEMS,
				now: state.now,
				presented: state.presented,
				preview: state.typed[node.id] ?? node.preview,
			});
		}
	}

	/** The cards that do not show yet whether they are selected. */
	outdated(selected) {
		const wrong = ([id, { shell }]) => selected.has(id) !== "selected" in shell.dataset;
		return [...this.cards].filter(wrong).map(([id]) => id);
	}

	mark(look, ids) {
		for (const shell of this.layer.querySelectorAll(`.${look}`)) shell.classList.remove(look);
		for (const id of ids) this.cards.get(id)?.shell.classList.add(look);
	}

	rectOf(id) {
		return this.cards.get(id).shell.getBoundingClientRect();
	}

	focus(id) {
		this.cards.get(id)?.shell.focus({ preventScroll: true });
	}

	focusNear({ x, y }) {
		const far = (id) => {
			const at = this.board.at(id);
			return Math.hypot(at.x - x, at.y - y);
		};
		const [near] = [...this.cards.keys()].sort((one, other) => far(one) - far(other));
		if (near) this.focus(near);
		else this.goHome();
	}

	/** Go to the chosen card, else to the first, else to the empty canvas. */
	goHome() {
		const { layer } = this;
		const home = layer.querySelector("[data-selected]") ?? layer.firstElementChild ?? layer.parentElement;
		home.focus({ preventScroll: true });
	}
}
