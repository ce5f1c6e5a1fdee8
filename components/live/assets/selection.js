/** Selection: the nodes that canvas and lanes have chosen together, one for each flow. */

import { oneFor } from "./keep.js";

const selections = new Map();

export function selectionOf(flowId) {
	return oneFor(selections, flowId, () => new Selection());
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

	listen(listener) {
		this.listeners.add(listener);
		return () => this.listeners.delete(listener);
	}
}
