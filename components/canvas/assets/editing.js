/** Editing: what the person's gestures do to the flow, each as one edit in the outbox. */

import { edgeId, newNode, whyNoLink } from "./draft.js";
import { freePlace } from "./geometry.js";

const NUDGE_REST_MS = 250;
const BESIDE = 320;

export class Editing {
	constructor(desk) {
		this.desk = desk;
		this.resting = 0;
	}

	push(edit) {
		if (!this.desk.editable) return;
		this.settleNudge();
		this.desk.toasts.clear();
		this.desk.outbox.push({ edit });
		this.desk.refresh();
	}

	command(command) {
		const { desk } = this;
		if (!desk.editable) return;
		if ((command === "undo" && !desk.canUndo) || (command === "redo" && !desk.canRedo)) return;
		this.settleNudge();
		desk.outbox.push({ command });
		desk.refresh();
	}

	/** Put a new node where it is wished, or near the middle of what is seen. */
	add(type, at) {
		const { desk } = this;
		if (!desk.editable) return;
		const node = newNode(desk.draft, type);
		this.push({ op: "add_node", node, at: rounded(at ?? this.placeFor()) });
		this.choose(node.id);
		if (!at) desk.viewport.reveal(node.id); // what a person places stays under the pointer
	}

	/** Find a place for a card nobody placed: beside the one that is selected, else in the middle. */
	placeFor() {
		const { draft, board, viewport, selection } = this.desk;
		const taken = draft.nodes.map((each) => board.at(each.id)).filter(Boolean);
		const chosen = draft.nodes.filter((each) => selection.ids.has(each.id));
		const last = chosen.length === 1 ? chosen[0] : draft.nodes.at(-1);
		const near = last && board.at(last.id);
		if (!near) return viewport.centre();
		const wish = last.type === "input" ? { x: near.x + BESIDE, y: near.y } : near;
		return freePlace(wish, { taken, sight: viewport.free ? null : viewport.sight() });
	}

	/** Put a new agent where a link was dropped, with the link. */
	addLinked(from, side, at) {
		const node = newNode(this.desk.draft, "agent");
		const [source, target] = side === "out" ? [from, node.id] : [node.id, from];
		const edits = [
			{ op: "add_node", node, at },
			{ op: "add_edge", edge: { source, target } },
		];
		this.push({ op: "group", edits });
		this.choose(node.id);
	}

	choose(id) {
		this.desk.selection.set([id]);
		this.desk.focus(id);
	}

	link(source, target) {
		const edge = { source, target };
		const why = whyNoLink(this.desk.draft, edge);
		if (why) this.desk.say(why);
		else this.push({ op: "add_edge", edge });
	}

	/** @param {string[]} ids nodes whose cards were dragged */
	moved(ids) {
		const places = Object.entries(this.desk.board.positions(ids));
		this.push({
			op: "move_nodes",
			positions: Object.fromEntries(places.map(([id, at]) => [id, rounded(at)])),
		});
	}

	/** Take away what is selected. */
	remove() {
		const { draft, selection, wires } = this.desk;
		const ids = draft.nodes.map((node) => node.id).filter((id) => selection.ids.has(id));
		const edges = draft.edges.filter((edge) => wires.has(edgeId(edge)));
		const edits = [];
		if (edges.length) edits.push({ op: "remove_edges", edges });
		if (ids.length) edits.push({ op: "remove_nodes", ids });
		if (!edits.length || !this.desk.editable) return;
		selection.set([]);
		this.desk.chooseWires([]);
		this.push(edits.length === 1 ? edits[0] : { op: "group", edits });
		this.desk.focus(null);
	}

	/** Move what is selected a little; keys held down become one edit. */
	nudge(x, y) {
		const { board, selection, editable } = this.desk;
		if (!editable || !selection.ids.size) return;
		for (const id of selection.ids) {
			const at = board.at(id);
			if (!at) continue;
			board.dragging.delete(id);
			board.put(id, { x: at.x + x, y: at.y + y });
			board.dragging.add(id);
		}
		board.redraw();
		window.clearTimeout(this.resting);
		this.resting = window.setTimeout(() => this.settleNudge(), NUDGE_REST_MS);
	}

	settleNudge() {
		if (!this.resting) return;
		window.clearTimeout(this.resting);
		this.resting = 0;
		const ids = [...this.desk.board.dragging];
		this.desk.board.dragging = new Set();
		if (ids.length) this.moved(ids);
	}
}

function rounded({ x, y }) {
	return { x: Math.round(x), y: Math.round(y) };
}

