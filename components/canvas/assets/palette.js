/** Palette: what can be put on the canvas, by a click or by dragging it there. */

import { followPointer, make } from "../live/dom.js";
import { icon } from "../live/icons.js";

const WORDS = {
	agent: ["Agent", "An agent with its own instructions"],
	input: ["Input", "A value that is typed for each run"],
	join: ["Join", "Folds the outputs before it into one, without a model"],
	router: ["Router", "Chooses which branches go on"],
	approval: ["Approval", "Waits for a person to approve"],
};
const FIRST = ["agent", "input", "join", "router", "approval"];
const START_PX = 5;

export function buildPalette(hooks) {
	const bar = make("div", { class: "ff-bar ff-palette", role: "toolbar", label: "Add to the flow" });
	let shown = "";
	/** @param {string[]} types what the data says can run */
	const show = (types) => {
		if (types.join() === shown) return;
		shown = types.join();
		const known = FIRST.filter((type) => types.includes(type));
		bar.replaceChildren(...known.map((type) => buildEntry(type, hooks)));
	};
	return { element: bar, show };
}

function buildEntry(type, hooks) {
	const [word, hint] = WORDS[type];
	const entry = make(
		"button",
		{
			class: "ff-entry",
			type: "button",
			testid: `palette-${type}`,
			"data-type": type,
			hint: `${hint}. Click, or drag to the canvas.`,
			on: { click: () => hooks.add(type) },
		},
		make("span", { class: "ff-entry-icon" }, icon(type, 17)),
		make("span", { text: word }),
	);
	entry.addEventListener("pointerdown", (event) => carry(entry, type, event, hooks.drop));
	return entry;
}

/** Follow the pointer with a copy of the entry; a press that hardly moves stays a click. */
function carry(entry, type, start, drop) {
	if (start.button !== 0) return;
	let ghost = null;
	const move = (event) => {
		const far = Math.hypot(event.clientX - start.clientX, event.clientY - start.clientY);
		if (!ghost && far < START_PX) return;
		ghost ??= entry.parentElement.parentElement.appendChild(ghostOf(entry));
		const box = ghost.parentElement.getBoundingClientRect();
		const [left, top] = [event.clientX - box.left, event.clientY - box.top];
		ghost.style.transform = `translate(${left}px, ${top}px) translate(-50%, -50%)`;
	};
	followPointer(move, (event, kept) => {
		if (!ghost) return;
		ghost.remove();
		entry.addEventListener("click", swallow, { capture: true, once: true });
		window.setTimeout(() => entry.removeEventListener("click", swallow, { capture: true }));
		if (kept) drop(type, event);
	});
}

function ghostOf(entry) {
	const ghost = entry.cloneNode(true);
	ghost.className = "ff-entry ff-ghost";
	ghost.removeAttribute("data-testid");
	ghost.setAttribute("aria-hidden", "true");
	return ghost;
}

function swallow(event) {
	event.stopImmediatePropagation();
}
