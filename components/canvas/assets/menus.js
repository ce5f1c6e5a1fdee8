/** Offer: what can be done with a card, a link and the empty canvas, as the items of a menu. */

import { shorten } from "../live/format.js";
import { TYPES, edgeId, whyNoLink } from "./draft.js";

export function offerTypes(types, add) {
	const words = (type) => `Add ${TYPES[type].toLowerCase()} here`;
	const testid = (type) => (type === "agent" ? "add-here" : `add-here-${type}`);
	return types.map((type) => [testid(type), type, words(type), () => add(type)]);
}

/** A past run has no forms; of it only what works is offered. */
export function offerCard(commands, id) {
	const { canvas } = commands;
	const { clip, editable, live } = canvas;
	const stage = canvas.data.stages.findIndex((ids) => ids.includes(id)) + 1;
	const runs = stage > 0 && live.canAgain;
	return [
		editable && ["menu-open", "open", "Open the form", () => commands.openForm(id), "Enter"],
		editable && ["menu-connect", "link", "Connect to…", () => commands.offerLinks(id), "C"],
		editable && ["menu-grow", "agent", "Add an agent after it", () => commands.grow(null, id), "A"],
		editable && stage > 0 && ["menu-stage", "stage", `Stage ${stage}`, () => commands.chooseStage(stage)],
		runs && ["menu-from", "play", "Run from here", () => live.again("from", id)],
		["menu-copy", "copy", "Copy", () => clip.write(), "Ctrl+C"],
		editable && ["menu-cut", "cut", "Cut", () => clip.write(true), "Ctrl+X"],
		editable && ["menu-duplicate", "plus", "Duplicate", () => commands.duplicate(), "Ctrl+D"],
		editable && ["menu-delete", "delete", "Delete", () => canvas.editing.remove(), "Del"],
	];
}

export function offerLink({ editing }, edge, at) {
	const insert = () => editing.insert("agent", edge, at);
	return [
		["menu-insert", "agent", "Put an agent in between", insert],
		["menu-delete", "delete", "Delete the link", () => editing.remove(), "Del"],
	];
}

export function offerCanvas(commands, at) {
	const { editing, clip, data } = commands.canvas;
	return [
		...offerTypes(data.palette, (type) => editing.add(type, at)),
		["menu-paste", "paste", "Paste", () => clip.read(at), "Ctrl+V"],
		["menu-all", "done", "Choose all", () => commands.selectAll(), "Ctrl+A"],
		["menu-layout", "layout", "Arrange by stage", () => commands.layout(), "Shift+L"],
		["menu-help", "help", "Keys and gestures", () => commands.help(), "?"],
	];
}

export function offerTargets({ draft, editing }, source) {
	const items = draft.nodes.flatMap(({ id: target, name, type }) => {
		const links = draft.edges.filter((edge) => edge.source === source && edge.target === target);
		const words = shorten(name, 40);
		const testid = `connect-${target}`;
		if (links.length) {
			const gone = links.map(edgeId);
			return [[testid, "done", words, () => editing.removeEdges(gone), "linked"]];
		}
		if (whyNoLink(draft, { source, target })) return [];
		return [[testid, type, words, () => editing.link([[source, target]]), ""]];
	});
	// Linked ones last.
	return items.sort((one, other) => one[4].length - other[4].length);
}
