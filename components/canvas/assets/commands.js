/** Commands: what buttons, keys and menus ask of the canvas, each by its name. */

import { openMenu } from "../live/popover.js";
import { openField } from "./form.js";
import { offerCanvas, offerCard, offerLink, offerTargets, offerTypes } from "./menus.js";

const NEXT = ["agent", "join", "router"];
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export function commandsOf(canvas) {
	const { board, editing, running, selection, viewport } = canvas;

	const zoom = (factor) => {
		const { width, height } = board.size;
		board.zoom(factor, { x: width / 2, y: height / 2 });
	};

	const focused = () => document.activeElement?.closest(".ff-card")?.dataset.id ?? "";

	/** Choose the card that has the focus, unless it is chosen with others. */
	const take = () => {
		const id = focused();
		if (id && !selection.ids.has(id)) selection.set([id]);
		return id;
	};

	/** Choose a card and lead to its form. */
	const openForm = (id) => {
		selection.set([id]);
		canvas.wire.flushSelection();
		openField("name");
	};

	/** Offer the cards that a card can be linked to. */
	const offerLinks = (id) => {
		if (!canvas.editable) return;
		const items = offerTargets(canvas, id);
		const name = `Connect “${canvas.nodeOf(id).name}” to`;
		const { right, top } = canvas.cards.rectOf(id);
		if (items.length) canvas.menu.open({ clientX: right + 8, clientY: top }, name, items);
		else canvas.say("There is no card it can be linked to.");
	};

	const commands = {
		canvas,
		take,
		openForm,
		offerLinks,
		open: () => openForm(take()),
		/** Put an agent behind a card and lead to its form, to be named. */
		grow(_event, id = take()) {
			const node = editing.addAfter(id);
			if (node) openForm(node);
		},

		connect: () => offerLinks(take()),
		undo: () => editing.command("undo"),
		redo: () => editing.command("redo"),
		run: () => canvas.editable && running.start(),
		stop: () => running.stop(),
		fit: () => viewport.fit(),
		goHome() {
			canvas.problems.open(false);
			canvas.cards.goHome();
		},

		goNew() {
			const opener = document.querySelector("[class*=st-key-new-] button");
			if (opener) openMenu(opener);
		},

		goInput: () => canvas.head.fields.focus(),

		goResult() {
			document.querySelector(".ff-tab[data-tab=result]")?.click();
			document.querySelector(".ff-result-body[data-testid=result]")?.focus();
		},
		zoomIn: () => zoom(1.25),
		zoomOut: () => zoom(1 / 1.25),
		zoomFull: () => zoom(1 / board.view.scale),
		help: () => canvas.parts.help.showModal(),
		selectAll: () => selection.set(canvas.draft.nodes.map((node) => node.id)),
		duplicate: () => canvas.clip.duplicate(),
		pick: ({ shiftKey }) => (shiftKey ? selection.toggle(focused()) : selection.set([focused()])),

		layout() {
			editing.command("layout");
			canvas.wire.awaitLayout();
		},

		nudge({ key, shiftKey }) {
			take();
			const [x, y] = ARROWS[key];
			const step = shiftKey ? 1 : 10;
			editing.nudge(x * step, y * step);
		},

		remove() {
			take();
			editing.remove();
		},

		chooseStage(number) {
			canvas.chooseWires([]);
			selection.set([`stage:${number}`]);
		},

		/** Offer what can be added where a link was dropped. */
		offerNext(from, side, event, at) {
			const add = (type) => editing.addLinked(type, from, side, at);
			const items = offerTypes(NEXT, add);
			canvas.menu.open(event, "Add and link", items, () => canvas.linking.cancel());
		},

		/** Offer what can be done with what is under the pointer. */
		offer(id, event) {
			canvas.calm();
			const at = board.pointOf(event);
			const edge = id ? null : board.edgeUnder(event);
			if (id && !selection.ids.has(id)) selection.set([id]);
			if (id) return canvas.menu.open(event, "Card", offerCard(commands, id));
			if (!canvas.editable) return;
			if (!edge) return canvas.menu.open(event, "Canvas", offerCanvas(commands, at));
			canvas.tapped({ edge });
			canvas.menu.open(event, "Link", offerLink(canvas, edge, at));
		},

		escape() {
			canvas.problems.open(false);
			canvas.toasts.clear();
			if (canvas.menu.close()) return;
			canvas.calm();
			canvas.letGo();
		},
	};
	return commands;
}
