/** Clip: nodes and the links among them as text, on their way to another place or another tab. */

import { TYPES, freeId } from "./draft.js";
import { around, cardRect, overlap } from "./geometry.js";
import { isOurs } from "./keys.js";

const STEP = 40;
const ID = /^[a-z][a-z0-9_]{0,63}$/;

/** @returns {string} a flow of these nodes as JSON; empty without any */
export function clipOf(draft, chosen) {
	const nodes = draft.nodes.filter(({ id }) => chosen.has(id));
	const edges = draft.edges.filter(({ source, target }) => chosen.has(source) && chosen.has(target));
	const places = nodes.map(({ id }) => [id, draft.layout[id]]);
	const plain = nodes.map(({ label, preview, marks, ...node }) => node);
	const name = draft.name || "Clip";
	const flow = { fanfold: 1, name, nodes: plain, edges, layout: Object.fromEntries(places) };
	return nodes.length ? JSON.stringify(flow, null, 2) : "";
}

/**
 * Read such a text.
 * @param {import("./geometry.js").Rect} sight what is seen; it lands there, beside what is there
 * @param {import("./geometry.js").Point} [at] where its middle shall be
 * @returns {{ids: string[], edits: any[]} | null} null: it is not ours
 */
export function pasteOf(text, draft, sight, at) {
	const clip = parse(text);
	if (!clip) return null;
	const ids = new Map();
	const taken = new Set(draft.nodes.map(({ id }) => id));
	for (const { id } of clip.nodes) {
		const own = freeId(taken, id.replace(/_\d+$/, "").slice(0, 56));
		taken.add(own);
		ids.set(id, own);
	}
	const places = placesOf(clip, draft, sight, at);
	const nodes = clip.nodes.map((node, place) => ({
		op: "add_node",
		node: { ...renamed(node, ids), id: ids.get(node.id) },
		at: places[place],
	}));
	const inner = clip.edges?.filter((edge) => ids.has(edge?.source) && ids.has(edge?.target)) ?? [];
	const edges = inner.map((edge) => ({
		op: "add_edge",
		edge: { ...edge, source: ids.get(edge.source), target: ids.get(edge.target) },
	}));
	return { ids: [...ids.values()], edits: [...nodes, ...edges] };
}

function parse(text) {
	try {
		const clip = JSON.parse(text);
		const known = (node) => ID.test(node.id) && node.type in TYPES && typeof node.name === "string";
		return clip.fanfold && clip.nodes.length && clip.nodes.every(known) ? clip : null;
	} catch {
		return null; // somebody else's text
	}
}

/** What copied nodes say of one another they say of the copies. */
function renamed(node, ids) {
	const name = (all, kind, id) => (ids.has(id) ? `${kind}.${ids.get(id)}` : all);
	const inside = (hole) => hole.replace(/\b(nodes|inputs)\.(\w+)/g, name);
	return JSON.parse(JSON.stringify(node).replace(/\{\{.*?\}\}/g, inside));
}

function placesOf(clip, draft, sight, at) {
	const given = clip.nodes.map(({ id }, place) => clip.layout?.[id] ?? { x: 320 * place, y: 0 });
	const whole = around(given.map((place) => cardRect(place)));
	const [first] = given;
	const centre = { x: (whole.left + whole.right) / 2, y: (whole.top + whole.bottom) / 2 };
	const goal = at ?? (overlap(whole, sight) ? centre : middle(sight));
	const by = { x: Math.round(goal.x - centre.x), y: Math.round(goal.y - centre.y) };
	const near = (spot) => Math.hypot(spot.x - first.x - by.x, spot.y - first.y - by.y) < STEP / 2;
	while (Object.values(draft.layout).some(near)) (by.x += STEP), (by.y += STEP);
	return given.map(({ x, y }) => ({ x: x + by.x, y: y + by.y }));
}

function middle({ left, top, right, bottom }) {
	return { x: (left + right) / 2, y: (top + bottom) / 2 };
}

export class Clip {
	constructor(desk) {
		this.desk = desk;
	}

	/** @returns {() => void} ends the listening to the browser's clipboard */
	listen() {
		const hear = (event) => this.hear(event);
		const kinds = ["copy", "cut", "paste"];
		for (const kind of kinds) document.addEventListener(kind, hear);
		return () => kinds.forEach((kind) => document.removeEventListener(kind, hear));
	}

	hear(event) {
		if (!isOurs(this.desk.parts.stage) || !window.getSelection()?.isCollapsed) return;
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

	/** Copy by a menu, which no event of the clipboard goes with. */
	async write(cut = false) {
		const text = this.text();
		try {
			await navigator.clipboard.writeText(text);
			if (cut) this.desk.editing.remove();
		} catch {
			this.desk.say("The browser keeps its clipboard to itself. Press Ctrl+C or Ctrl+X.");
		}
	}

	async read(at) {
		try {
			this.paste(await navigator.clipboard.readText(), at);
		} catch {
			this.desk.say("The browser keeps its clipboard to itself. Press Ctrl+V.");
		}
	}

	/** @returns {boolean} the text was ours */
	paste(text, at) {
		const { desk } = this;
		const pasted = pasteOf(text, desk.draft, desk.viewport.sight(), at);
		if (!pasted || !desk.editable) return Boolean(pasted);
		desk.editing.push({ op: "group", edits: pasted.edits });
		desk.selection.set(pasted.ids);
		desk.viewport.reveal(pasted.ids[0]);
		desk.focus(pasted.ids[0]);
		return true;
	}
}
