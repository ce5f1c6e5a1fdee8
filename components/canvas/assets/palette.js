/** Palette: what can be put on the canvas, by a click or by dragging it there. */

import { apart, followPointer, on } from "../live/dom.js";

const START_PX = 5;

export function hearPalette(desk) {
	for (const entry of desk.parts.palette.children) {
		const { type } = entry.dataset;
		on(entry, "click", () => desk.editing.add(type));
		on(entry, "pointerdown", (event) => carry(entry, type, event, desk));
	}
}

/** Follow the pointer with a copy of the entry; a press that hardly moves stays a click. */
function carry(entry, type, start, desk) {
	if (start.button !== 0) return;
	let ghost = null;
	const move = (event) => {
		if (!ghost && apart(event, start) < START_PX) return;
		ghost ??= desk.parts.hud.appendChild(ghostOf(entry));
		const { x, y } = desk.board.pixelOf(event);
		ghost.style.transform = `translate(${x}px, ${y}px) translate(-50%, -50%)`;
		desk.board.heat(desk.edgeFor(type, event));
	};
	followPointer(move, (event, kept) => {
		if (!ghost) return;
		ghost.remove();
		setTimeout(on(entry, "click", swallow, { capture: true }));
		if (kept) desk.dropped(type, event);
	});
}

function ghostOf(entry) {
	const ghost = entry.cloneNode(true);
	ghost.className = "ff-entry ff-ghost";
	delete ghost.dataset.testid;
	ghost.ariaHidden = true;
	return ghost;
}

function swallow(event) {
	event.stopImmediatePropagation();
}
