/** Progress: what a card says about the run, and about the run before while it still holds true. */

const NOTHING = { status: "idle", started: null, error: "" };

export function progressOf(live, { steps, changed }) {
	const { busy, armed, nodes, opening } = live;
	if (opening) return () => NOTHING;
	return (id) => {
		if (armed) return steps.has(id) ? { ...NOTHING, status: "queued" } : NOTHING;
		const told = nodes[id];
		if (!told || (!busy && changed.has(id))) {
			return busy && steps.has(id) ? { ...NOTHING, waits: true } : NOTHING;
		}
		const error = told.error || told.reason || "";
		const count = live.countOf(id);
		const tries = Math.max(...[id, ...(live.items[id] ?? [])].map((key) => nodes[key].attempts));
		return { ...told, told, error, count, tries, waits: busy && told.status === "idle" };
	};
}
