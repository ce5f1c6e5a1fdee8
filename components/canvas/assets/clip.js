/** Clip: nodes and the links among them as text, on their way to another place or another tab. */

import { on } from "../live/dom.js";
import { TYPES, freeId } from "./draft.js";
import { freePlace, rounded } from "./geometry.js";
import { isOurs } from "./keys.js";

const STEP = 40;
const ID = /^[a-z][a-z0-9_]{0,63}$/;

export function clipOf(draft, chosen) {
	const nodes = draft.nodes.filter(({ id }) => chosen.has(id));
	const edges = draft.edges.filter(({ source, target }) => chosen.has(source) && chosen.has(target));
	const places = nodes.map(({ id }) => [id, draft.layout[id]]);
	const flow = { fanfold: 1, name: draft.name, nodes: nodes.map(plain), edges, layout: Object.fromEntries(places) };
	return nodes.length ? JSON.stringify(flow, null, 2) : "";
}

/** Read such a text; null when it is not ours. `at`: where its first card shall stand. */
export function pasteOf(text, draft, at) {
	const clip = parse(text);
	if (!clip) return null;
	const ids = new Set(clip.nodes.map(({ id }) => id));
	const edges = clip.edges?.filter((edge) => ids.has(edge?.source) && ids.has(edge?.target)) ?? [];
	return copiesOf({ ...clip, edges }, draft, placesOf(clip, draft, at));
}

/** Siblings of the chosen cards: in the same stages, and linked as they are. */
export function twinsOf(draft, chosen) {
	const nodes = draft.nodes.filter(({ id }) => chosen.has(id));
	const edges = draft.edges.filter((edge) => chosen.has(edge.source) || chosen.has(edge.target));
	const taken = Object.values(draft.layout);
	const places = nodes.map(({ id }) => {
		const at = freePlace(draft.layout[id], { taken, columns: 0 });
		taken.push(at);
		return rounded(at);
	});
	return copiesOf({ nodes, edges }, draft, places);
}

/** The edits that add them, each under an id and a name of its own: “Critic 2”. */
function copiesOf({ nodes, edges }, draft, places) {
	const known = (field) => new Set(draft.nodes.map((node) => node[field]));
	const [taken, names] = [known("id"), known("name")];
	const ids = new Map(nodes.map(({ id }) => [id, freeId(taken, id.replace(/_\d+$/, "").slice(0, 56))]));
	const own = (id) => ids.get(id) ?? id;
	const added = nodes.map((node, place) => {
		const word = names.has(node.name) ? node.name.replace(/ \d+$/, "") : node.name;
		const copy = { ...renamed(plain(node), ids), id: own(node.id), name: freeId(names, word, " ") };
		return { op: "add_node", node: copy, at: places[place] };
	});
	const links = edges.map((edge) => {
		const ends = { source: own(edge.source), target: own(edge.target) };
		return { op: "add_edge", edge: { ...edge, ...ends } };
	});
	return { ids: [...ids.values()], edits: [...added, ...links] };
}

function plain({ label, preview, marks, ...node }) {
	return node;
}

function parse(text) {
	try {
		const clip = JSON.parse(text);
		const known = (node) => ID.test(node.id) && node.type in TYPES && typeof node.name === "string";
		return clip.fanfold && clip.nodes.length && clip.nodes.every(known) ? clip : null;
	} catch {
		// Somebody else's text.
		return null;
	}
}

/** What copied nodes say of one another they say of the copies. */
function renamed(node, ids) {
	const name = (all, kind, id) => (ids.has(id) ? `${kind}.${ids.get(id)}` : all);
	const inside = (hole) => hole.replace(/\b(nodes|inputs)\.(\w+)/g, name);
	return JSON.parse(JSON.stringify(node).replace(/\{\{.*?\}\}/g, inside));
}

/** A little off where they come from, so that no card hides another one. */
function placesOf(clip, draft, at) {
	const given = clip.nodes.map(({ id }, place) => clip.layout?.[id] ?? { x: 320 * place, y: 0 });
	const [first] = given;
	const by = at ? { x: at.x - first.x, y: at.y - first.y } : { x: STEP, y: STEP };
	const near = (spot) => Math.hypot(spot.x - first.x - by.x, spot.y - first.y - by.y) < STEP / 2;
	while (Object.values(draft.layout).some(near)) (by.x += STEP), (by.y += STEP);
	return given.map(({ x, y }) => rounded({ x: x + by.x, y: y + by.y }));
}

export class Clip {
	constructor(desk) {
		this.desk = desk;
	}

	listen() {
		return ["copy", "cut", "paste"].map((kind) => on(document, kind, (event) => this.hear(event)));
	}

	hear(event) {
		if (!isOurs(this.desk.parts.stage) || !getSelection()?.isCollapsed) return;
		if (event.type === "paste") {
			if (this.paste(event.clipboardData.getData("text/plain"))) event.preventDefault();
			return;
		}
		const text = this.text();
		if (!text) return;
		event.clipboardData.setData("text/plain", text);
		event.preventDefault();
		if (event.type === "cut") this.desk.editing.remove();
	}

	text() {
		this.desk.commands.take();
		return clipOf(this.desk.draft, this.desk.selection.ids);
	}

	write(cut = false) {
		const text = this.text();
		this.use(async (clipboard) => {
			await clipboard.writeText(text);
			if (cut) this.desk.editing.remove();
		});
	}

	read(at) {
		this.use(async (clipboard) => this.paste(await clipboard.readText(), at));
	}

	/** A menu asks for the clipboard; with keys it is offered by an event, and no browser minds. */
	use(act) {
		const sorry = () => this.desk.say("The browser keeps its clipboard to itself. Use the keys.");
		act(navigator.clipboard).catch(sorry);
	}

	paste(text, at) {
		return this.add(pasteOf(text, this.desk.draft, at));
	}

	duplicate() {
		this.desk.commands.take();
		return this.add(twinsOf(this.desk.draft, this.desk.selection.ids));
	}

	add(copies) {
		const { desk } = this;
		if (!copies?.ids.length || !desk.editable) return false;
		desk.editing.push({ op: "group", edits: copies.edits });
		desk.selection.set(copies.ids);
		desk.viewport.reveal(copies.ids[0]);
		desk.cards.focus(copies.ids[0]);
		return true;
	}
}
