/** Selection: the nodes that canvas and lanes have chosen together, one for each flow. */

/** @type {Map<string, Selection>} */
const selections = new Map();

/**
 * @param {string} flowId
 * @returns {Selection}
 */
export function selectionOf(flowId) {
	let selection = selections.get(flowId);
	if (!selection) selections.set(flowId, (selection = new Selection()));
	return selection;
}

export class Selection {
	constructor() {
		/** @type {Set<string>} */
		this.ids = new Set();
		/** @type {Set<() => void>} */
		this.listeners = new Set();
	}

	/** @param {Iterable<string>} ids */
	set(ids) {
		const next = new Set(ids);
		if (next.size === this.ids.size && [...next].every((id) => this.ids.has(id))) return;
		this.ids = next;
		for (const listener of [...this.listeners]) listener();
	}

	/** @param {string} id */
	toggle(id) {
		const next = new Set(this.ids);
		if (!next.delete(id)) next.add(id);
		this.set(next);
	}

	/**
	 * @param {() => void} listener
	 * @returns {() => void} ends the listening
	 */
	listen(listener) {
		this.listeners.add(listener);
		return () => this.listeners.delete(listener);
	}
}
