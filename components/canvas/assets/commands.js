/** Commands: what keys and menus ask of the canvas. */

import { offerCanvas, offerCard, offerLink, offerTargets, offerTypes } from "./menus.js";

const NEXT = ["agent", "join", "router"];
const FORM_MS = 4000;

export class Commands {
	constructor(canvas) {
		this.canvas = canvas;
	}

	undo() {
		this.canvas.editing.command("undo");
	}

	redo() {
		this.canvas.editing.command("redo");
	}

	layout() {
		this.canvas.editing.command("layout");
		this.canvas.wire.awaitLayout();
	}

	fit() {
		this.canvas.viewport.fit();
	}

	zoom(factor) {
		this.canvas.zoom(factor);
	}

	help() {
		this.canvas.help();
	}

	walk(event) {
		return this.canvas.menu.walk(event);
	}

	selectAll() {
		this.canvas.selection.set(this.canvas.draft.nodes.map((node) => node.id));
	}

	chooseStage(number) {
		this.canvas.chooseWires([]);
		this.canvas.selection.set([`stage:${number}`]);
	}

	/** Choose the card that has the focus, unless it is chosen with others. @returns {string} it */
	take() {
		const { selection } = this.canvas;
		const id = document.activeElement?.closest(".ff-card")?.dataset.id ?? "";
		if (id && !selection.ids.has(id)) selection.set([id]);
		return id;
	}

	pick({ shiftKey }) {
		const { selection } = this.canvas;
		const id = document.activeElement?.closest(".ff-card")?.dataset.id;
		if (shiftKey) selection.toggle(id);
		else selection.set([id]);
	}

	nudge(x, y) {
		this.take();
		this.canvas.editing.nudge(x, y);
	}

	remove() {
		this.take();
		this.canvas.editing.remove();
	}

	duplicate() {
		const { clip } = this.canvas;
		clip.paste(clip.text());
	}

	/** Choose a card and lead to its form, as soon as that is there. */
	open(id = this.take()) {
		const { canvas } = this;
		canvas.selection.set([id]);
		canvas.wire.flushSelection();
		const form = `.st-key-field-${canvas.flowId}-${id}-name input`;
		const look = () => {
			const field = document.querySelector(form);
			field?.focus();
			if (field) watch.disconnect();
		};
		const watch = new MutationObserver(look);
		watch.observe(document.body, { childList: true, subtree: true });
		window.setTimeout(() => watch.disconnect(), FORM_MS);
		look();
	}

	/** Offer the cards that a card can be linked to. */
	connect(id = this.take()) {
		const { canvas } = this;
		if (!canvas.editable) return;
		const items = offerTargets(canvas, id);
		const name = `Connect “${canvas.nodeOf(id).name}” to`;
		const { right, top } = canvas.cards.cards.get(id).shell.getBoundingClientRect();
		if (items.length) canvas.menu.open({ clientX: right + 8, clientY: top }, name, items);
		else canvas.say("There is no card it can be linked to.");
	}

	/** Offer what can be added where a link was dropped. */
	offerNext(from, side, event, at) {
		const { editing, menu, linking } = this.canvas;
		const add = (type) => editing.addLinked(type, from, side, at);
		menu.open(event, "Add and link", offerTypes(NEXT, add), () => linking.cancel());
	}

	/** Offer what can be done with what is under the pointer. */
	offer(id, event) {
		const { canvas } = this;
		canvas.calm();
		const at = canvas.board.pointOf(event);
		const edge = id ? null : canvas.board.edgeUnder(event);
		if (id && !canvas.selection.ids.has(id)) canvas.selection.set([id]);
		if (id) return canvas.menu.open(event, "Card", offerCard(this, id));
		if (!canvas.editable) return;
		if (!edge) return canvas.menu.open(event, "Canvas", offerCanvas(this, at));
		canvas.tapped({ edge });
		canvas.menu.open(event, "Link", offerLink(canvas, edge, at));
	}

	escape() {
		const { canvas } = this;
		canvas.problems.close();
		canvas.toasts.clear();
		if (canvas.menu.close()) return;
		canvas.calm();
		canvas.letGo();
	}
}
