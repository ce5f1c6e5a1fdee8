/** Sums: what a run took, in one line; at its end the server's own, before it as seen here. */

import { setText } from "../live/dom.js";
import { seconds } from "../live/format.js";

export function drawSums(element, live, data) {
	const values = valuesOf(live, data);
	for (const sum of element.querySelectorAll(".ff-sum")) {
		const value = values[sum.dataset.sum];
		setText(sum.lastChild, value ?? "");
		sum.hidden = value === undefined;
	}
}

/** What its time went into, what it has of an earlier one, and the offer to measure a run in which calls ran side by side. */
export function drawEarlier({ compare, earlier: link, why }, live, flow) {
	const { run } = live;
	const earlier = live.armed ? null : run?.earlier;
	compare.hidden = !live.canAgain || run.status !== "finished" || run.overlap < 1.05 || earlier;
	link.hidden = !earlier;
	link.toggleAttribute("data-measures", Boolean(earlier?.measures && run.ended));
	setText(link, earlier?.says ?? "");
	setText(why, live.armed ? "" : (live.replay ?? run)?.why ?? "");
	if (earlier) link.href = `/runs?flow=${flow}&run=${earlier.run}`;
}

/** What limits and barriers cost is told only if they did. */
function valuesOf(live, { shared_processor: shared }) {
	const { run, busy } = live;
	if (!run) return {};
	const measures = run.earlier?.measures; // what it measured says the rest
	const wall = busy ? live.now() : run.wall_s;
	const sequential = busy ? added(live, wall) : run.sequential_s;
	const overlap = busy ? sequential / Math.max(wall, 0.001) : run.overlap;
	const costs = (name, cost) => !busy && cost >= 0.05 && { [name]: seconds(cost) };
	return {
		wall: seconds(wall),
		sequential: seconds(sequential),
		...(!measures && { overlap: `${overlap.toFixed(1)}×`, ...costs("critical", run.critical_path_s), ...costs("limits", run.limit_s) }),
		...costs("barriers", run.barrier_s),
		...costs("retries", run.retry_s),
		...(!measures && (shared || run.model.startsWith("local/")) && { shared: "" }),
	};
}

/** What runs has worked on since the server's last word. */
function added({ run, nodes }, now) {
	const works = (node) => node.status === "running" && node.items == null; // its items do
	const running = Object.values(nodes).filter(works).length;
	return run.sequential_s + running * (now - run.now);
}
