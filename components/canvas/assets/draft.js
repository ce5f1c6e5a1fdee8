/** Draft: the document as it will be once the server has taken the pending edits. Pure. */

export const TYPES = {
	agent: "Agent",
	input: "Input",
	join: "Join",
	router: "Router",
	approval: "Approval",
};

export function replay(document, ops) {
	return ops.reduce((draft, op) => (op.edit ? applyEdit(draft, op.edit) : draft), document);
}

export function applyEdit(draft, edit) {
	switch (edit.op) {
		case "add_node":
			return addNode(draft, edit);
		case "remove_nodes":
			return removeNodes(draft, new Set(edit.ids));
		case "move_nodes":
			return { ...draft, layout: { ...draft.layout, ...edit.positions } };
		case "add_edge":
			return addEdge(draft, edit.edge);
		case "remove_edges": {
			const gone = new Set(edit.edges.map(edgeId));
			return { ...draft, edges: draft.edges.filter((edge) => !gone.has(edgeId(edge))) };
		}
		case "remove_notes":
			return { ...draft, notes: draft.notes.filter(({ id }) => !edit.ids.includes(id)) };
		case "group":
			return edit.edits.reduce(applyEdit, draft);
		default:
			return draft;
	}
}

export function edgeId(edge) {
	return [edge.source, edge.target, edge.kind ?? "data", edge.branch ?? ""].join(" ");
}

/** `word`, or with the first number that makes it free; it is taken from then on. */
export function freeId(taken, word, gap = "_") {
	let id = word;
	for (let number = 2; taken.has(id); number += 1) id = word + gap + number;
	taken.add(id);
	return id;
}

export function newNode(draft, type) {
	const id = freeId(new Set(draft.nodes.map((node) => node.id)), type);
	const model = type === "agent" ? usualModel(draft) : null;
	const node = { id, type, name: id.replace(type, TYPES[type]).replace("_", " ") };
	return model ? { ...node, model } : node;
}

/** The model that most agents of the flow have; a tie goes to one that is named. */
function usualModel(draft) {
	const counts = new Map();
	for (const { type, model = null } of draft.nodes) {
		if (type === "agent") counts.set(model, (counts.get(model) ?? 0) + 1);
	}
	const [first] = [...counts].sort((a, b) => b[1] - a[1] || !a[0] - !b[0]);
	return first?.[0];
}

/** Say why a link cannot be, in a sentence; an empty text when it can be asked for. */
export function whyNoLink(draft, edge) {
	const node = (id) => draft.nodes.find((each) => each.id === id);
	const [source, target] = [node(edge.source), node(edge.target)];
	if (!source || !target) return "That node is not there any more.";
	if (source === target) return "A node cannot be linked to itself.";
	if (target.type === "input") return "An input takes no links: it gives what is typed for a run.";
	if (draft.edges.some((each) => edgeId(each) === edgeId(edge))) {
		return `“${source.name}” is linked to “${target.name}” already.`;
	}
	const loop = loopOf(draft, edge);
	if (!loop) return "";
	const path = [...loop, loop[0]].map((id) => `“${node(id)?.name}”`).join(" → ");
	return `This link would make a loop: ${path}. A flow runs from left to right.`;
}

/** The nodes of the loop a link would close, in the order of the links. */
export function loopOf(draft, { source, target, kind = "data" }) {
	if (kind !== "data") return null;
	const before = new Map([[target, ""]]);
	for (const id of before.keys()) {
		for (const edge of draft.edges) {
			if (edge.source !== id || (edge.kind ?? "data") !== "data") continue;
			if (!before.has(edge.target)) before.set(edge.target, id);
		}
	}
	if (!before.has(source)) return null;
	const path = [source];
	while (path[0] !== target) path.unshift(before.get(path[0]) ?? "");
	return path;
}

function addNode(draft, { node, at }) {
	if (draft.nodes.some((each) => each.id === node.id)) return draft;
	const label = node.type === "agent" ? (node.model ?? "Default model") : TYPES[node.type];
	const layout = at ? { ...draft.layout, [node.id]: at } : draft.layout;
	return { ...draft, nodes: [...draft.nodes, { preview: "", label, ...node }], layout };
}

function removeNodes(draft, gone) {
	return {
		...draft,
		nodes: draft.nodes.filter((node) => !gone.has(node.id)),
		edges: draft.edges.filter((edge) => !gone.has(edge.source) && !gone.has(edge.target)),
	};
}

function addEdge(draft, edge) {
	return whyNoLink(draft, edge) ? draft : { ...draft, edges: [...draft.edges, edge] };
}
