/** Canvas: brings the parts together. Data comes in by `update`, ops go out by the outbox. */

import { clone, on } from "../live/dom.js";
import { liveOf } from "../live/live.js";
import { selectionOf } from "../live/selection.js";
import { Bands } from "./bands.js";
import { Board } from "./board.js";
import { Cards } from "./cards.js";
import { Clip } from "./clip.js";
import { commandsOf } from "./commands.js";
import { Dots } from "./dots.js";
import { replay } from "./draft.js";
import { Editing } from "./editing.js";
import { holdForm, keepTyped, writeOn } from "./form.js";
import { Head } from "./head.js";
import { hearKeys } from "./keys.js";
import { Linking } from "./linking.js";
import { Menu } from "./menu.js";
import { Minimap } from "./minimap.js";
import { Notes } from "./notes.js";
import { outboxOf } from "./outbox.js";
import { Painting } from "./painting.js";
import { hearPalette } from "./palette.js";
import { hearPresses, isMore } from "./press.js";
import { buildProblems } from "./problems.js";
import { Running } from "./running.js";
import { Toasts } from "./toasts.js";
import { Viewport } from "./viewport.js";
import { Wire } from "./wire.js";

/** A loop that was refused is shown as long as the sentence about it. */
const LOOP_MS = 8000;

export class Canvas {
	constructor(frame, data, vis) {
		this.flowId = this.place = data.flow_id;
		this.data = data;
		/** The revision that is seen: the document's, or that of edits which were kept since. */
		this.rev = data.rev;
		this.draft = data.document;
		this.outbox = outboxOf(this.flowId);
		this.live = liveOf(data);
		this.selection = selectionOf(this.flowId);
		this.wires = new Set();
		/** Links of a loop that was refused, as `source target`. */
		this.loop = new Set();
		const { copy, parts } = clone(frame.parentElement.querySelector("template"));
		frame.replaceChildren(copy);
		this.parts = parts;
		this.painting = new Painting(this);
		this.board = new Board(this.parts.vis, vis, this.boardHooks(), this.painting.painter);
		this.viewport = new Viewport(data, this.board);
		this.editing = new Editing(this);
		this.running = new Running(this);
		this.wire = new Wire(this);
		this.clip = new Clip(this);
		this.commands = commandsOf(this);
		this.build();
		this.endings = this.listen();
	}

	build() {
		const { parts, board, commands } = this;
		this.cards = new Cards(parts, board, this.viewport);
		this.bands = new Bands(parts, board);
		const remove = (id) => this.editing.push({ op: "remove_notes", ids: [id] });
		this.notes = this.viewport.notes = new Notes(parts, board, remove);
		this.dots = new Dots(parts.dots, board);
		this.toasts = new Toasts(parts);
		this.minimap = new Minimap(parts.minimap, board, this.viewport);
		this.menu = new Menu(parts);
		this.linking = new Linking(this);
		hearPalette(this);
		this.problems = buildProblems(this);
		this.head = new Head(parts, () => {
			this.wire.sendInputs();
			this.paint();
		});
		on(parts.root, "click", ({ target }) => {
			commands[target.closest("[data-act]")?.dataset.act]?.();
		});
	}

	boardHooks() {
		return {
			draw: (context) => this.painting.follow(context),
			before: () => this.painting.readColours(),
			dragged: (ids, into) => this.editing.moved(ids, into),
			drag: (ids, event) => {
				this.calm();
				if (ids.length === 1 && this.isLoose(ids[0])) {
					this.board.heat(this.edgeFor(this.nodeOf(ids[0]).type, event));
				}
			},
			pan: () => {
				this.calm();
				this.viewport.moved();
			},
			tap: (what) => this.tapped(what),
			doubleTap: ({ node, edge, at, event }) => {
				const free = node === undefined && edge === undefined;
				if (free && event.target === this.board.canvas) this.editing.add("agent", at);
				else if (node !== undefined) this.commands.openForm(node);
			},
		};
	}

	listen() {
		const { parts, commands } = this;
		hearPresses(this);
		const size = new ResizeObserver(() => {
			this.board.measure();
			this.viewport.resized();
			this.dots.fit();
		});
		size.observe(parts.stage);
		on(parts.head, "focusout", () => this.wire.flushInputs());
		on(parts.cards, "focusin", ({ target }) => {
			if (target.matches(".ff-card:focus-visible")) this.viewport.reach(target.dataset.id);
		});
		return [
			hearKeys(parts, commands),
			// The link that skips the head of the page.
			on(window, "keydown", ({ key }) => (this.pressed = key), { capture: true }),
			on(document.getElementById("stMain"), "focus", () => {
				if (this.pressed === "Enter") this.cards.goHome();
			}),
			...this.clip.listen(),
			keepTyped(),
			writeOn(),
			() => size.disconnect(),
			this.live.listen((onlyTexts) => onlyTexts || this.painting.paint()),
			this.selection.listen(() => this.chosen()),
			on(parts.help, "close", () => this.goOn()),
			...this.wire.listen(),
		];
	}

	/** Who asked for the list of keys with nothing in hand goes on at a card. */
	goOn() {
		const { activeElement } = document;
		if (activeElement === document.body || this.parts.help.contains(activeElement)) this.cards.goHome();
	}

	update(component) {
		const first = !this.wire.component;
		const { data } = component;
		this.wire.take(component);
		if (!first && data.rev < this.data.rev) return;
		this.data = data;
		this.live.connect(data);
		this.live.start = data.reruns ? (again) => this.running.start(again) : null;
		this.live.change();
		if (data.past?.told && !this.live.heard) this.live.recall(data.past.told);
		this.outbox.settle(data.acks, data.rev);
		this.rev = Math.max(this.rev, data.rev);
		this.wire.takeSelection(first);
		this.refresh();
		// What was pressed is gone with its page: who goes on by keyboard goes on here.
		const lost = document.activeElement === document.body && navigator.userActivation.hasBeenActive;
		if (first && lost && this.editable) this.cards.goHome();
		if (first) this.viewport.restore();
		else if (this.wire.arranged()) this.viewport.open();
		for (const refusal of this.wire.refusals()) this.say(refusal.message);
	}

	refresh() {
		this.draft = replay(this.data.document, this.outbox.pending);
		const known = new Set(this.draft.nodes.map((node) => node.id));
		this.data.stages.forEach((_stage, place) => known.add(`stage:${place + 1}`));
		this.selection.set([...this.selection.ids].filter((id) => known.has(id)));
		this.painting.refresh();
		this.board.select([...this.selection.ids], [...this.wires]);
	}

	/** An edit is kept. Where nothing else came between, the draft is what the server has. */
	kept(notice) {
		const op = this.outbox.note(notice);
		if (!op?.edit || notice.rev !== this.rev + 1) return;
		this.parts.root.dataset.rev = this.rev += 1;
	}

	get editable() {
		return !this.data.follow && !this.data.presented;
	}

	get canUndo() {
		return this.data.can_undo || this.outbox.pending.some((op) => op.edit);
	}

	get canRedo() {
		return this.data.can_redo || this.outbox.pending.some((op) => op.command === "undo");
	}

	say(sentence) {
		this.toasts.say(sentence);
	}

	paint() {
		this.painting.paint();
	}

	nodeOf(id) {
		return this.draft.nodes.find((node) => node.id === id);
	}

	isLoose(id) {
		return !this.draft.edges.some(({ source, target }) => source === id || target === id);
	}

	/** The link under the pointer that such a node can be put into. */
	edgeFor(type, event) {
		const edge = type === "input" ? null : this.board.edgeUnder(event);
		return edge?.split(" ")[2] === "data" ? edge : null;
	}

	press(id, more) {
		if (more) this.selection.toggle(id);
		else if (!this.selection.ids.has(id)) this.selection.set([id]);
		if (!more) this.chooseWires([]);
	}

	tapped({ node, edge, event }) {
		const more = isMore(event);
		if (node !== undefined) {
			if (more && this.board.held === null) this.selection.toggle(node);
			else if (!more) this.selection.set([node]);
			if (!more) this.chooseWires([]);
		} else if (edge !== undefined) {
			if (!more) this.selection.set([]);
			this.chooseWires(more ? [...this.wires, edge] : [edge]);
		} else {
			this.letGo();
		}
	}

	chooseWires(ids) {
		if (!ids.length && !this.wires.size) return;
		this.wires = new Set(ids);
		this.chosen();
	}

	letGo() {
		this.calm();
		this.selection.set([]);
		this.chooseWires([]);
	}

	chosen() {
		if (this.editable) holdForm(this.selection.ids);
		this.board.select([...this.selection.ids], [...this.wires]);
		this.wire.sendSelection();
		this.painting.paintChosen();
	}

	/** Mark the loop that a link would close; its last link is the refused one. */
	showLoop(path) {
		if (!path.length) return;
		this.loop = new Set(path.map((id, place) => `${id} ${path[(place + 1) % path.length]}`));
		this.cards.mark("ff-loop", path);
		this.linking.refuse(path.at(-1), path[0]);
		clearTimeout(this.calmer);
		this.calmer = setTimeout(() => this.loop.size && this.calm(), LOOP_MS);
		this.board.redraw();
	}

	calm() {
		this.linking.cancel();
		this.menu.close();
		if (!this.loop.size) return;
		this.loop = new Set();
		this.toasts.clear();
		this.cards.mark("ff-loop", []);
		this.board.redraw();
	}

	point(ids) {
		const known = ids.filter((id) => this.board.at(id));
		this.selection.set(known);
		if (known.length) this.viewport.reveal(known[0]);
	}

	dropped(type, event) {
		const into = this.board.hot;
		this.board.heat(null);
		const under = document.elementFromPoint(event.clientX, event.clientY);
		if (!this.parts.stage.contains(under) || under.closest(".ff-bar")) return;
		const at = this.board.pointOf(event);
		if (into) this.editing.insert(type, into, at);
		else this.editing.add(type, at);
	}

	destroy() {
		for (const end of this.endings) end();
		this.painting.stop();
		this.dots.stop();
		this.board.destroy();
		this.parts.root.remove();
	}
}
