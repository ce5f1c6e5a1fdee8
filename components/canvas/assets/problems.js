/** Problems: what stands in the way of a run, listed over the canvas; each shows its nodes. */

import { button, make, on, setText } from "../live/dom.js";
import { counted } from "../live/format.js";

export function buildProblems(desk) {
	const { chip, chipWords, problems: list } = desk.parts;
	const open = (wanted) => {
		list.hidden = !wanted;
		chip.setAttribute("aria-expanded", String(wanted));
	};
	on(chip, "click", () => open(list.hidden));
	let shown = "";
	const show = (problems) => {
		const key = JSON.stringify(problems);
		if (key === shown) return;
		shown = key;
		chip.hidden = !problems.length;
		if (!problems.length) open(false);
		const count = (severity) => problems.filter((each) => each.severity === severity).length;
		const [worst = "advice"] = ["error", "warning"].filter(count);
		const words = { error: "problem", warning: "warning", advice: "hint" };
		chip.dataset.severity = worst;
		setText(chipWords, counted(count(worst), words[worst]));
		list.replaceChildren(...problems.map((problem) => buildRow(problem, desk)));
	};
	return { show, open };
}

function buildRow({ severity, message, nodes, fix, edit }, desk) {
	const show = () => desk.point(nodes);
	return make(
		"div",
		{ class: "ff-problem", "data-severity": severity },
		make("span", { class: "ff-problem-sign" }),
		make("span", { class: "ff-problem-words", dir: "auto", text: message }),
		nodes.length ? button({ class: "ff-problem-act" }, show, "Show") : null,
		fix && button({ class: "ff-problem-act", hint: fix }, () => desk.editing.push(edit), "Fix"),
	);
}

export function problemsByNode(problems) {
	const found = new Map();
	for (const problem of problems) {
		for (const id of problem.nodes) found.set(id, [...(found.get(id) ?? []), problem]);
	}
	return found;
}
