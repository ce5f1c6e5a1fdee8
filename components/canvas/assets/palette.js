/** Palette: what can be put on the canvas, by a click or by dragging it there. */

import { button, followPointer, make } from "../live/dom.js";
import { icon } from "../live/icons.js";
import { TYPES } from "./draft.js";

const HINTS = {
	agent: "An agent with its own instructions",
	input: "A value that is typed for each run",
	join: "Folds the outputs before it into one, without a model",
	router: "Chooses which branches go on",
	approval: "Waits for a person to approve",
};
const START_PX = 5;

export function buildPalette(hooks) {
	const bar = make("div", { class: "ff-bar ff-palette", role: "toolbar", label: "Add to the flow" });
	let shown = "";
	/** @param {string[]} types what the data says can run */
	const show = (types) => {
		if (types.join() === shown) return;
		shown = types.join();
		bar.replaceChildren(...types.map((type) => buildEntry(type, hooks)));
	};
	return { element: bar, show };
}

function buildEntry(type, hooks) {
	const hint = `${HINTS[type]}. Click, or drag to the canvas or into a link.`;
	const entry = button(
		{ class: "ff-entry", testid: `palette-${type}`, "data-type": type, hint },
		() => hooks.add(type),
		make("span", { class: "ff-entry-icon" }, icon(type, 17)),
		make("span", { text: TYPES[type] }),
	);
	entry.addEventListener("pointerdown", (event) => carry(entry, type, event, hooks));
	return entry;
}

/** Follow the pointer with a copy of the entry; a press that hardly moves stays a click. */
function carry(entry, type, start, hooks) {
	if (start.button !== 0) return;
	let ghost = null;
	const move = (event) => {
		const far = Math.hypot(event.clientX - start.clientX, event.clientY - start.clientY);
		if (!ghost && far < START_PX) return;
		ghost ??= entry.parentElement.parentElement.appendChild(ghostOf(entry));
		const box = ghost.parentElement.getBoundingClientRect();
		const [left, top] = [event.clientX - box.left, event.clientY - box.top];
		ghost.style.transform = `translate(${left}px, ${top}px) translate(-50%, -50%)`;
		hooks.over(type, event);
	};
	followPointer(move, (event, kept) => {
		if (!ghost) return;
		ghost.remove();
		entry.addEventListener("click", swallow, { capture: true, once: true });
		window.setTimeout(() => entry.removeEventListener("click", swallow, { capture: true }));
		if (kept) hooks.drop(type, event);
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
