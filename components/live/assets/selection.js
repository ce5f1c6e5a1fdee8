/** Selection: the nodes that canvas and lanes have chosen together, one for each flow. */

const selections = new Map();

export function selectionOf(flowId) {
	let selection = selections.get(flowId);
	if (!selection) selections.set(flowId, (selection = new Selection()));
	return selection;
}

export class Selection {
	constructor() {
		this.ids = new Set();
		this.listeners = new Set();
	}

	set(ids) {
		const next = new Set(ids);
		if (next.size === this.ids.size && [...next].every((id) => this.ids.has(id))) return;
		this.ids = next;
		for (const listener of [...this.listeners]) listener();
	}

	toggle(id) {
		const next = new Set(this.ids);
		if (!next.delete(id)) next.add(id);
		this.set(next);
	}

	/** @returns {() => void} ends the listening */
	listen(listener) {
		this.listeners.add(listener);
		return () => this.listeners.delete(listener);
	}
}
