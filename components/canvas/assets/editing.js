/** Editing: what the person's gestures do to the flow, each as one edit in the outbox. */

import { edgeId, loopOf, newNode, whyNoLink } from "./draft.js";
import { freePlace, rounded } from "./geometry.js";
import { pairs } from "./linking.js";
import { roomIn } from "./room.js";

const NUDGE_REST_MS = 250;
const BESIDE = 320;

export class Editing {
	constructor(desk) {
		this.desk = desk;
		this.resting = 0;
	}

	pushAll(edits) {
		if (edits.length) this.push(edits.length === 1 ? edits[0] : { op: "group", edits });
	}

	push(edit) {
		if (!this.desk.editable) return;
		this.settleNudge();
		this.desk.toasts.clear();
		this.desk.calm();
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
		const node = this.place(type, at ?? this.placeFor());
		// What a person places stays under the pointer.
		if (node && !at) desk.viewport.reveal(node);
	}

	place(type, at, linksOf = (_id) => []) {
		const { desk } = this;
		if (!desk.editable) return "";
		const node = newNode(desk.draft, type);
		this.pushAll([{ op: "add_node", node, at: rounded(at) }, ...linksOf(node.id)]);
		this.choose(node.id);
		return node.id;
	}

	/** Find a place for a card nobody placed: beside the selected one, else in the middle. */
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

	addLinked(type, from, side, at) {
		return this.place(type, at, (id) => pairs(from, side, id).map((ends) => linked(...ends)));
	}

	/** Put an agent to the right of a card, linked to it. */
	addAfter(id) {
		const { board, draft, viewport } = this.desk;
		const taken = draft.nodes.map((each) => board.at(each.id)).filter(Boolean);
		const { x, y } = board.at(id);
		const node = this.addLinked("agent", [id], "out", freePlace({ x: x + BESIDE, y }, { taken, columns: 0 }));
		if (node) viewport.reveal(node);
		return node;
	}

	insert(type, edge, at) {
		this.place(type, at, (id) => this.between(edge, id, rounded(at)));
		this.desk.viewport.resized();
	}

	/** The edits that lead a link over a card, with room for it; none when the link is gone. */
	between(link, id, at) {
		const [edge] = this.edgesOf([link]);
		if (!edge) return [];
		const { source, target, branch } = edge;
		return [
			{ op: "move_nodes", positions: roomIn(this.desk.draft, edge, id, at) },
			{ op: "remove_edges", edges: [edge] },
			linked(source, id, branch),
			linked(id, target),
		];
	}

	choose(id) {
		this.desk.selection.set([id]);
		this.desk.cards.focus(id);
	}

	/** Link all pairs of source and target that can be; where none can, say why. */
	link(ends) {
		const { desk } = this;
		const edges = ends.map(([source, target]) => ({ source, target }));
		const fit = edges.filter((edge) => !whyNoLink(desk.draft, edge));
		if (fit.length) return this.pushAll(fit.map((edge) => ({ op: "add_edge", edge })));
		desk.say(whyNoLink(desk.draft, edges[0]));
		desk.showLoop(loopOf(desk.draft, edges[0]) ?? []);
	}

	edgesOf(ids) {
		return this.desk.draft.edges.filter((edge) => ids.includes(edgeId(edge)));
	}

	moved(ids, into) {
		const positions = this.desk.board.positions(ids);
		const links = into ? this.between(into, ids[0], positions[ids[0]]) : [];
		this.pushAll([{ op: "move_nodes", positions }, ...links]);
		if (into) this.desk.viewport.resized();
	}

	remove() {
		const { desk } = this;
		const ids = desk.draft.nodes.map(({ id }) => id).filter((id) => desk.selection.ids.has(id));
		const edges = this.edgesOf([...desk.wires]);
		const edits = edges.length ? [{ op: "remove_edges", edges }] : [];
		if (ids.length) edits.push({ op: "remove_nodes", ids });
		if (!edits.length || !desk.editable) return;
		const place = desk.draft.layout[ids[0] ?? edges[0].source];
		desk.letGo();
		this.pushAll(edits);
		desk.cards.focusNear(place);
	}

	removeEdges(ids) {
		this.push({ op: "remove_edges", edges: this.edgesOf(ids) });
	}

	/** Move what is selected a little; keys held down become one edit. */
	nudge(x, y) {
		const { board, selection, editable } = this.desk;
		if (!editable) return;
		for (const id of selection.ids) {
			const at = board.at(id);
			if (!at) continue;
			board.dragging.delete(id);
			board.put(id, { x: at.x + x, y: at.y + y });
			board.dragging.add(id);
		}
		board.redraw();
		clearTimeout(this.resting);
		this.resting = setTimeout(() => this.settleNudge(), NUDGE_REST_MS);
	}

	settleNudge() {
		if (!this.resting) return;
		clearTimeout(this.resting);
		this.resting = 0;
		const ids = [...this.desk.board.dragging];
		this.desk.board.dragging = new Set();
		if (ids.length) this.moved(ids);
	}
}

function linked(source, target, branch) {
	return { op: "add_edge", edge: { source, target, branch } };
}
