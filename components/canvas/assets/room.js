/** Room: where a card that goes into a link stands, and what moves on to the right for it. Pure. */

import { STEP, cardRect, freePlace, overlap } from "./geometry.js";

/** The places of the card, and of all that follows too close or would lie under what moved. */
export function roomIn({ nodes, edges, layout }, { source, target }, id, wish) {
	const ids = nodes.map((node) => node.id).filter((each) => each !== id);
	const x = Math.max(wish.x, layout[source].x + STEP.x);
	const y = layout[target].x < x + STEP.x ? layout[target].y : wish.y;
	const taken = ids.filter((each) => each !== target).map((each) => layout[each]);
	const at = freePlace({ x, y }, { taken, sight: null });
	const by = at.x + STEP.x - layout[target].x;
	const moved = (each) => ({ x: layout[each].x + by, y: layout[each].y });
	const moving = new Set(by > 0 ? [target] : []);
	for (const each of moving) {
		const follows = (other) => edges.some((edge) => edge.source === each && edge.target === other);
		const close = (other) => layout[other].x < layout[each].x + by + STEP.x;
		const under = (other) => overlap(cardRect(moved(each)), cardRect(layout[other]));
		for (const other of ids) if (under(other) || (follows(other) && close(other))) moving.add(other);
	}
	return { [id]: at, ...Object.fromEntries([...moving].map((each) => [each, moved(each)])) };
}
