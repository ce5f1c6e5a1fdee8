/** Shortcut: one table of what keys do, for the keyboard and for the person who asks for it. */

import { on } from "../live/dom.js";

/**
 * Keys, what they do, and the command: without one the browser knows how, or it is a gesture of
 * the mouse. The last: only while the focus is on a `card`, or in the canvas (`in`).
 */
export const SHORTCUTS = [
	["Tab, Shift+Tab", "Walk the cards, stage by stage"],
	["Enter", "Open a card’s form", "open", "card"],
	["Space, Shift+Space", "Choose a card, or one more", "pick", "card"],
	["C", "Connect a card to others", "connect", "card"],
	["Arrow, Shift+Arrow", "Move what is chosen by 10 pixels, or by 1", "nudge", "in"],
	["Delete, Backspace", "Delete what is chosen", "remove", "in"],
	["Menu, Shift+F10, Right-click", "What can be done here"],
	["Ctrl+A", "Choose all", "selectAll"],
	["Ctrl+C, Ctrl+X, Ctrl+V", "Copy, cut, paste: in another tab too"],
	["Ctrl+D", "Duplicate", "duplicate"],
	["Ctrl+Z", "Undo", "undo"],
	["Ctrl+Shift+Z, Ctrl+Y", "Redo", "redo"],
	["Shift+L", "Arrange by stage", "layout"],
	["F", "Show everything", "fit"],
	["+, =", "Zoom in", "zoomIn", "in"],
	["-", "Zoom out", "zoomOut", "in"],
	["Escape", "Choose nothing, close what is open", "escape"],
	["?", "Show this list", "help"],
	["Double-click", "Add an agent"],
	["Drag from a ring", "Link to a card, or to a new one; from one of several chosen, link them all"],
	["Shift+drag", "Choose all in a box"],
	["Shift+click, Ctrl+click", "Choose one more, or one less"],
	["Wheel, drag", "Zoom, move the view"],
];

const ACTS = new Map(
	SHORTCUTS.flatMap(([keys, , act, where]) => keys.split(", ").map((key) => [key, { act, where }])),
);

/** Say whether keys and the clipboard are the canvas's: the focus is in it, or nowhere. */
export function isOurs(stage) {
	const place = document.activeElement;
	const ours = stage.contains(place) || place === document.body || place === null;
	return ours && stage.isConnected && !place?.closest("input, textarea, select, [contenteditable]");
}

export function hearKeys(stage, desk) {
	const hear = (event) => {
		if (event.isComposing || event.altKey || !isOurs(stage)) return;
		if (!desk.canvas.menu.walk(event) && !act(event, stage, desk)) return;
		event.preventDefault();
		event.stopPropagation();
	};
	return on(document, "keydown", hear, { capture: true });
}

function act(event, stage, desk) {
	const { act: found, where } = ACTS.get(nameOf(event)) ?? {};
	const place = document.activeElement;
	if (where === "card" && !place?.closest(".ff-card")) return false;
	if (!found || (where && !stage.contains(place))) return false;
	desk[found](event);
	return true;
}

function nameOf({ key, ctrlKey, metaKey, shiftKey }) {
	const plain = key.startsWith("Arrow") ? "Arrow" : key === " " ? "Space" : key;
	const name = plain.length === 1 ? plain.toUpperCase() : plain;
	const shift = shiftKey && /^[A-Z]/.test(name); // a sign has its shift in itself
	return (ctrlKey || metaKey ? "Ctrl+" : "") + (shift ? "Shift+" : "") + name;
}
