/** Progress: what a card says about the run, and about the run before while it still holds true. */

/** @typedef {import("./card.js").Progress} Progress */

const NOTHING = {
	status: "idle",
	waits: false,
	attempts: 0,
	started: null,
	ended: null,
	tokens: null,
	error: "",
};

/**
 * @param {{steps: Set<string>, changed: Set<string>}} flow the nodes that work, and those that
 *   are other ones than the run knew
 */
export function progressOf(live, { steps, changed }) {
	const { busy, armed, nodes } = live;
	return (id) => {
		if (armed) return steps.has(id) ? { ...NOTHING, status: "queued" } : NOTHING;
		const told = nodes[id];
		if (!told || (!busy && changed.has(id))) {
			return busy && steps.has(id) ? { ...NOTHING, waits: true } : NOTHING;
		}
		const error = told.error || told.reason || "";
		const count = live.countOf(id);
		return { ...told, told, error, count, waits: busy && told.status === "idle" };
	};
}
