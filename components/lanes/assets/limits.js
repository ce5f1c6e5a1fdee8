/** Limits: which of them had no free place while a node was queued. */

const QUEUED = "a limit had no free place";
/** A place that was given back is taken a moment later. */
const MOMENT_S = 0.02;

/** Say which, as far as the flow and the others' times tell it. `item`: it waits since `since`. */
export function queuedFor(key, live, limits) {
	const [id] = key.split("[");
	const told = live.nodes[key];
	if (told?.loading) return told.loading;
	const since = live.nodes[id]?.started ?? 0;
	const begun = told?.queued ?? since;
	const until = told?.started ?? live.now();
	const mine = limits.filter(({ nodes }) => nodes.includes(id));
	const fullAt = (at) => mine.filter(({ nodes, most }) => workingAt(at, live, nodes) >= most);
	const early = Math.max(until - MOMENT_S, begun);
	const full = [early, (begun + until) / 2].map(fullAt).find(({ length }) => length) ?? [];
	return full.map(({ says }) => says).join(", ") || QUEUED;
}

/** How many calls of these nodes were at work; a node of items is none itself. */
function workingAt(at, { nodes: every }, ids) {
	return Object.entries(every).filter(([key, { items, started, ended, reused }]) => {
		if (items != null || reused || started === null || !ids.includes(key.split("[")[0])) return false;
		return started <= at && (ended ?? Infinity) > at;
	}).length;
}
