/** Sums: what a run took, in one line; at its end the server's own, before it as seen here. */

import { make, setAttribute, setText } from "../live/dom.js";
import { seconds } from "../live/format.js";

const SHARED = "Parallel calls of the embedded model share one processor and slow each other down.";
const PARTS = {
	wall: ["Wall", "From the first moment of the run to its last."],
	sequential: ["Sequential", "The nodes' own times added up."],
	overlap: [
		"Overlap",
		"Sequential ÷ wall: how much ran side by side. It is no speed-up: " +
			"calls that share a processor slow each other down.",
	],
	critical: [
		"Critical path",
		"The longest chain of nodes that waited for each other. Their bars are underlined.",
	],
};

export class Sums {
	constructor() {
		this.values = {};
		this.note = make("span", { class: "ff-shared", text: "one shared processor", hidden: true });
		const items = Object.entries(PARTS).map(([key, [word, hint]]) => {
			this.values[key] = make("b", { testid: `sum-${key}` });
			const name = make("span", { class: "ff-sum-name", text: word });
			return make("span", { class: "ff-sum", "data-sum": key, hint }, name, this.values[key]);
		});
		this.element = make("div", { class: "ff-sums", testid: "sums" }, ...items, this.note);
	}

	/** @param {boolean} shared the answers come from one processor */
	draw(live, shared) {
		const { run } = live;
		const going = live.busy;
		const wall = run ? (going ? live.now() : run.wall_s) : null;
		const sequential = run ? (going ? added(live, wall) : run.sequential_s) : null;
		const overlap = run ? (going ? sequential / Math.max(wall, 0.001) : run.overlap) : null;
		setText(this.values.wall, wall === null ? "–" : seconds(wall));
		setText(this.values.sequential, sequential === null ? "–" : seconds(sequential));
		setText(this.values.overlap, overlap === null ? "–" : `${overlap.toFixed(1)}×`);
		setText(this.values.critical, run && !going ? seconds(run.critical_path_s) : "–");
		const local = shared || run?.model.startsWith("local/");
		setAttribute(this.note, "hidden", local && run ? null : "");
		setAttribute(this.note, "title", SHARED);
		setAttribute(this.element, "data-blank", run ? null : "");
	}
}

/** What runs now has worked on since the server's last word. */
function added({ run, nodes }, now) {
	const works = (node) => node.status === "running" && node.items == null; // its items do
	const running = Object.values(nodes).filter(works).length;
	return run.sequential_s + running * (now - run.now);
}
