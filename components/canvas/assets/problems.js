/** Problems: what stands in the way of a run, listed over the canvas; each shows its nodes. */

import { make, setText } from "../live/dom.js";
import { counted } from "../live/format.js";
import { icon } from "../live/icons.js";

/** @typedef {{code: string, severity: string, message: string, nodes: string[]}} Problem */

export function buildProblems(hooks) {
	const word = make("span");
	const chip = make(
		"button",
		{ class: "ff-bar ff-problems", type: "button", testid: "problems", "aria-expanded": "false" },
		icon("warning", 16),
		word,
	);
	const list = make("div", { class: "ff-problem-list ff-scrolls", hidden: true });
	const open = (wanted) => {
		list.hidden = !wanted;
		chip.setAttribute("aria-expanded", String(wanted));
	};
	chip.addEventListener("click", () => open(list.hidden));
	let shown = "";
	const show = (problems) => {
		const key = JSON.stringify(problems);
		if (key === shown) return;
		shown = key;
		chip.hidden = problems.length === 0;
		if (!problems.length) open(false);
		const count = (severity) => problems.filter((each) => each.severity === severity).length;
		const [worst = "advice"] = ["error", "warning"].filter(count);
		const words = { error: "problem", warning: "warning", advice: "hint" };
		chip.dataset.severity = worst;
		setText(word, counted(count(worst), words[worst]));
		list.replaceChildren(...problems.map((problem) => buildRow(problem, hooks)));
	};
	const element = make("div", { class: "ff-problem-corner" }, chip, list);
	return { element, show, close: () => open(false) };
}

function buildRow(problem, hooks) {
	const act = () => hooks.show(problem.nodes);
	return make(
		"button",
		{ class: "ff-problem", type: "button", "data-severity": problem.severity, on: { click: act } },
		make("span", { class: "ff-problem-sign" }),
		make("span", { class: "ff-problem-words", dir: "auto", text: problem.message }),
	);
}

/** @returns {Map<string, Problem[]>} node → its problems */
export function problemsByNode(problems) {
	const found = new Map();
	for (const problem of problems) {
		for (const id of problem.nodes) found.set(id, [...(found.get(id) ?? []), problem]);
	}
	return found;
}
