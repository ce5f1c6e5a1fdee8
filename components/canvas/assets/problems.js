/** Problems: what stands in the way of a run, listed over the canvas; each shows its nodes. */

import { button, make, setText } from "../live/dom.js";
import { counted } from "../live/format.js";
import { icon } from "../live/icons.js";

/**
 * @typedef {{code: string, severity: string, message: string, nodes: string[], fix?: string,
 *   edit?: object}} Problem `fix`: what a button says that does the edit
 */

export function buildProblems(hooks) {
	const word = make("span");
	const chip = button(
		{ class: "ff-bar ff-problems", testid: "problems", "aria-expanded": "false" },
		() => open(list.hidden),
		icon("warning", 16),
		word,
	);
	const list = make("div", { class: "ff-problem-list ff-scrolls", hidden: true });
	const open = (wanted) => {
		list.hidden = !wanted;
		chip.setAttribute("aria-expanded", String(wanted));
	};
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

function buildRow({ severity, message, nodes, fix, edit }, hooks) {
	const show = () => hooks.show(nodes);
	return make(
		"div",
		{ class: "ff-problem", "data-severity": severity },
		make("span", { class: "ff-problem-sign" }),
		make("span", { class: "ff-problem-words", dir: "auto", text: message }),
		nodes.length ? button({ class: "ff-problem-act" }, show, "Show") : null,
		fix && button({ class: "ff-problem-act", hint: fix }, () => hooks.fix(edit), "Fix"),
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
