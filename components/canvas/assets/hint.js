/** Hint: what an empty canvas says. It lets every click through. */

import { make } from "../live/dom.js";

export function buildHint() {
	const element = make(
		"div",
		{ class: "ff-hint", testid: "hint", hidden: true },
		make("p", { class: "ff-hint-title", text: "Place agents, link them, press Run" }),
		make("p", {
			class: "ff-hint-words",
			text: [
				"Double-click here, or take one from the bar above.",
				"Drag from the ring on a card’s right edge to link it to the next.",
				"Agents side by side run at the same time.",
			].join(" "),
		}),
	);
	return { element, show: (wanted) => (element.hidden = !wanted) };
}
