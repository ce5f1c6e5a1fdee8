/** Draft: the document as it will be once the server has taken the pending edits. Pure. */

/**
 * @typedef {{id: string, type: string, name: string, icon?: string | null, label: string,
 *   preview: string}} Node
 * @typedef {{source: string, target: string, kind?: string, branch?: string}} Edge
 * @typedef {{x: number, y: number}} Point
 * @typedef {{name: string, nodes: Node[], edges: Edge[], layout: Record<string, Point>,
 *   notes: {id: string, text: string, x: number, y: number}[]}} Draft
 * @typedef {{op: string, [field: string]: any}} Edit
 */

const TYPE_NAMES = {
	input: "Input",
	agent: "Agent",
	join: "Join",
	router: "Router",
	approval: "Approval",
};

/**
 * Do the edits that wait on the document the server has. What the server will refuse is left
 * out.
 */
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
		case "group":
			return edit.edits.reduce(applyEdit, draft);
		default:
			return draft;
	}
}

/** @returns {string} what makes an edge unique */
export function edgeId(edge) {
	return [edge.source, edge.target, edge.kind ?? "data", edge.branch ?? ""].join(" ");
}

/** Make a node of a type, with a free id and a name that says which one it is. */
export function newNode(draft, type) {
	const taken = new Set(draft.nodes.map((node) => node.id));
	let number = 1;
	while (taken.has(number === 1 ? type : `${type}_${number}`)) number += 1;
	const name = TYPE_NAMES[type];
	return number === 1
		? { id: type, type, name }
		: { id: `${type}_${number}`, type, name: `${name} ${number}` };
}

/** Say why a link cannot be, in a sentence; an empty text when it can be asked for. */
export function whyNoLink(draft, edge) {
	const source = draft.nodes.find((node) => node.id === edge.source);
	const target = draft.nodes.find((node) => node.id === edge.target);
	if (!source || !target) return "That node is not there any more.";
	if (source === target) return "A node cannot be linked to itself.";
	if (target.type === "input") return "An input takes no links: it gives what is typed for a run.";
	if (draft.edges.some((each) => edgeId(each) === edgeId(edge))) {
		return `“${source.name}” is linked to “${target.name}” already.`;
	}
	return "";
}

function addNode(draft, { node, at }) {
	if (draft.nodes.some((each) => each.id === node.id)) return draft;
	const label = node.type === "agent" ? "Default model" : TYPE_NAMES[node.type];
	const shown = { icon: null, preview: "", label, ...node };
	const layout = at ? { ...draft.layout, [node.id]: at } : draft.layout;
	return { ...draft, nodes: [...draft.nodes, shown], layout };
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
