/** Canvas: brings the parts together. Data comes in by `update`, ops go out by the outbox. */

import { make } from "../live/dom.js";
import { liveOf } from "../live/live.js";
import { selectionOf } from "../live/selection.js";
import { Bands } from "./bands.js";
import { Board } from "./board.js";
import { Cards } from "./cards.js";
import { Dots } from "./dots.js";
import { replay } from "./draft.js";
import { Editing } from "./editing.js";
import { Head } from "./head.js";
import { buildHint } from "./hint.js";
import { hearKeys } from "./keys.js";
import { Linking } from "./linking.js";
import { Minimap } from "./minimap.js";
import { outboxOf } from "./outbox.js";
import { Painting } from "./painting.js";
import { buildPalette } from "./palette.js";
import { hearPresses } from "./press.js";
import { buildProblems } from "./problems.js";
import { Running } from "./running.js";
import { buildSkeleton } from "./skeleton.js";
import { Toasts } from "./toasts.js";
import { buildTools } from "./tools.js";
import { Viewport } from "./viewport.js";
import { Wire } from "./wire.js";

export class Canvas {
	constructor(frame, data, vis) {
		this.flowId = this.place = data.flow_id;
		this.data = data;
		this.draft = data.document;
		this.outbox = outboxOf(this.flowId);
		this.live = liveOf(data);
		this.selection = selectionOf(this.flowId);
		/** @type {Set<string>} selected edges */
		this.wires = new Set();
		this.parts = buildSkeleton(frame);
		this.painting = new Painting(this);
		this.board = new Board(this.parts.vis, vis, this.boardHooks(), this.painting.painter);
		this.viewport = new Viewport(this.flowId, this.board);
		this.editing = new Editing(this);
		this.running = new Running(this);
		this.wire = new Wire(this);
		this.build();
		this.endings = this.listen();
	}

	build() {
		const { parts, board, editing } = this;
		const { hud } = parts;
		this.cards = new Cards(parts.cards, board, this.viewport);
		this.bands = new Bands(parts.bands, board);
		this.dots = new Dots(parts.dots, board);
		this.toasts = new Toasts(hud);
		this.minimap = new Minimap(hud, board, this.viewport);
		this.linking = new Linking(parts, board, {
			link: (source, target) => editing.link(source, target),
			add: (from, side, at) => editing.addLinked(from, side, at),
			mark: (id) => this.cards.mark(id),
		});
		this.palette = buildPalette({
			add: (type) => editing.add(type),
			drop: (type, event) => this.dropped(type, event),
		});
		this.tools = buildTools({ ...this.commands(), zoomTo: (scale) => this.zoomTo(scale) });
		this.problems = buildProblems({ show: (ids) => this.point(ids) });
		this.hint = buildHint();
		const space = make("span", { class: "ff-space" });
		const bars = [this.palette.element, space, this.problems.element, this.tools.element];
		hud.append(make("div", { class: "ff-top" }, ...bars), this.hint.element);
		this.head = new Head(parts.head, {
			run: () => this.running.start(),
			stop: () => this.running.stop(),
			typed: () => {
				this.wire.sendInputs();
				this.paint();
			},
		});
	}

	commands() {
		return {
			undo: () => this.editing.command("undo"),
			redo: () => this.editing.command("redo"),
			layout: () => this.layOut(),
			remove: () => this.editing.remove(),
			fit: () => this.viewport.fit(),
			zoom: (factor) => this.zoom(factor),
		};
	}

	boardHooks() {
		return {
			draw: (context) => this.painting.follow(context),
			before: () => this.painting.readColours(),
			dragged: (ids) => this.editing.moved(ids),
			drag: () => this.linking.cancel(),
			pan: () => {
				this.linking.cancel();
				this.viewport.moved();
			},
			tap: (what) => this.tapped(what),
			doubleTap: ({ node, edge, at }) => {
				if (node === undefined && edge === undefined) this.editing.add("agent", at);
			},
		};
	}

	/** @returns {(() => void)[]} what ends the listening */
	listen() {
		hearPresses(this.parts, this.board, {
			press: (id, event) => this.press(id, event),
			link: (id, side, event) => this.editable && this.linking.begin(id, side, event),
			box: (ids) => this.selection.set([...this.selection.ids, ...ids]),
		});
		const keys = hearKeys(this.parts.stage, {
			...this.commands(),
			selectAll: () => this.selection.set(this.draft.nodes.map((node) => node.id)),
			escape: () => this.escape(),
			nudge: (x, y) => this.editing.nudge(x, y),
			choose: (id, more) => (more ? this.selection.toggle(id) : this.selection.set([id])),
		});
		const size = new ResizeObserver(() => {
			this.board.measure();
			this.viewport.resized();
			this.dots.fit();
		});
		size.observe(this.parts.stage);
		this.parts.head.addEventListener("focusout", () => this.wire.flushInputs());
		return [
			keys,
			() => size.disconnect(),
			this.live.listen((onlyTexts) => onlyTexts || this.painting.paint()),
			this.selection.listen(() => this.chosen()),
			...this.wire.listen(),
		];
	}

	/** @param {any} component Streamlit's, with fresh data */
	update(component) {
		const first = !this.wire.component;
		const { data } = component;
		this.wire.take(component);
		if (!first && data.rev < this.data.rev) return;
		this.data = data;
		this.live.connect(data);
		if (data.past?.told && !this.live.heard) this.live.recall(data.past.told);
		this.outbox.settle(data.acks);
		this.wire.takeSelection(first);
		this.refresh();
		if (first) this.viewport.restore();
		else if (this.wire.arranged()) this.viewport.fit();
		for (const refusal of this.wire.refusals()) this.say(refusal.message);
	}

	/** Bring everything to what the draft is now. */
	refresh() {
		this.draft = replay(this.data.document, this.outbox.pending);
		const known = new Set(this.draft.nodes.map((node) => node.id));
		if ([...this.selection.ids].some((id) => !known.has(id))) {
			this.selection.set([...this.selection.ids].filter((id) => known.has(id)));
		}
		this.painting.refresh();
		this.board.select([...this.selection.ids], [...this.wires]);
	}

	get editable() {
		return !this.data.follow;
	}

	get canUndo() {
		return this.data.can_undo || this.outbox.pending.some((op) => op.edit);
	}

	get canRedo() {
		return this.data.can_redo || this.outbox.pending.some((op) => op.command === "undo");
	}

	inputs() {
		return this.head.fields.all();
	}

	say(sentence) {
		this.toasts.say(sentence);
	}

	paint() {
		this.painting.paint();
	}

	focus(id) {
		if (id) this.cards.focus(id);
		else this.parts.stage.focus({ preventScroll: true });
	}

	press(id, event) {
		if (event.shiftKey) this.selection.toggle(id);
		else if (!this.selection.ids.has(id)) this.selection.set([id]);
		if (!event.shiftKey) this.chooseWires([]);
	}

	tapped({ node, edge, event }) {
		const more = event?.shiftKey || event?.ctrlKey || event?.metaKey;
		if (node !== undefined) {
			if (more && this.board.held === null) this.selection.toggle(node);
			else if (!more) this.selection.set([node]);
			if (!more) this.chooseWires([]);
		} else if (edge !== undefined) {
			if (!more) this.selection.set([]);
			this.chooseWires(more ? [...this.wires, edge] : [edge]);
		} else {
			this.selection.set([]);
			this.chooseWires([]);
		}
		this.board.select([...this.selection.ids], [...this.wires]);
	}

	/** @param {string[]} ids edges */
	chooseWires(ids) {
		this.wires = new Set(ids);
		this.chosen();
	}

	chosen() {
		this.board.select([...this.selection.ids], [...this.wires]);
		this.wire.sendSelection();
		this.painting.paint();
	}

	escape() {
		this.problems.close();
		if (this.linking.cancel()) return;
		this.selection.set([]);
		this.chooseWires([]);
	}

	/** Show nodes to the person: select them and bring the first into sight. */
	point(ids) {
		const known = ids.filter((id) => this.board.at(id));
		this.selection.set(known);
		if (known.length) this.viewport.reveal(known[0]);
	}

	dropped(type, event) {
		const under = document.elementFromPoint(event.clientX, event.clientY);
		if (!this.parts.stage.contains(under) || under.closest(".ff-bar")) return;
		this.editing.add(type, this.board.pointOf(event));
	}

	layOut() {
		this.editing.command("layout");
		this.wire.awaitLayout();
	}

	zoom(factor) {
		const { width, height } = this.board.size;
		this.board.zoom(factor, { x: width / 2, y: height / 2 });
	}

	zoomTo(scale) {
		this.zoom(scale / this.board.view.scale);
	}

	destroy() {
		for (const end of this.endings) end();
		this.painting.stop();
		this.dots.stop();
		this.board.destroy();
		this.parts.root.remove();
	}
}
