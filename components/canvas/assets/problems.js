/** Problems: what stands in the way of a run, listed over the canvas; each shows its nodes. */

import { clone, on, setText } from "../live/dom.js";
import { counted } from "../live/format.js";

export function buildProblems(desk) {
	const { chip, chipWords, problems: list } = desk.parts;
	const open = (wanted) => {
		list.hidden = !wanted;
		chip.ariaExpanded = wanted;
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
		const worst = worstOf(problems);
		const words = { error: "problem", warning: "warning", advice: "hint" };
		chip.dataset.severity = worst;
		setText(chipWords, counted(count(worst), words[worst]));
		list.replaceChildren(...problems.map((problem) => buildRow(problem, desk)));
	};
	return { show, open };
}

function buildRow({ severity, message, nodes, fix, edit }, desk) {
	const { row, words, show, mend } = clone(desk.parts.problem).parts;
	row.dataset.severity = severity;
	words.textContent = message;
	show.hidden = !nodes.length;
	show.onclick = () => desk.point(nodes);
	mend.textContent = fix ?? "";
	mend.onclick = () => desk.editing.push(edit);
	return row;
}

export function worstOf(problems) {
	const told = problems.map(({ severity }) => severity);
	return ["error", "warning", "advice"].find((each) => told.includes(each));
}

export function problemsByNode(problems) {
	const found = new Map();
	for (const problem of problems) {
		for (const id of problem.nodes) found.set(id, [...(found.get(id) ?? []), problem]);
	}
	return found;
}
