/** Keys: what the keyboard does at the canvas. */

const STEP = 8;
const FAR_STEP = 40;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * @typedef {{undo: () => void, redo: () => void, remove: () => void, layout: () => void,
 *   fit: () => void, zoom: (factor: number) => void, selectAll: () => void, escape: () => void,
 *   nudge: (x: number, y: number) => void, choose: (id: string, more: boolean) => void}} Hooks
 */

/**
 * Keys act while the focus is in the canvas, or nowhere.
 * @param {HTMLElement} stage
 * @param {Hooks} hooks
 * @returns {() => void} ends the listening
 */
export function hearKeys(stage, hooks) {
	const hear = (event) => {
		const place = document.activeElement;
		const ours = stage.contains(place) || place === document.body || place === null;
		if (!ours || !stage.isConnected || writes(place) || event.isComposing) return;
		if (act(event, hooks, stage)) {
			event.preventDefault();
			event.stopPropagation();
		}
	};
	document.addEventListener("keydown", hear, { capture: true });
	return () => document.removeEventListener("keydown", hear, { capture: true });
}

function act(event, hooks, stage) {
	const command = event.ctrlKey || event.metaKey;
	if (command) return actOnCommand(event, hooks);
	const card = document.activeElement?.closest?.(".ff-card");
	const inside = stage.contains(document.activeElement);
	switch (event.key) {
		case "Delete":
		case "Backspace":
			return inside && done(hooks.remove());
		case "Escape":
			return done(hooks.escape());
		case "+":
		case "=":
			return inside && done(hooks.zoom(1.25));
		case "-":
			return inside && done(hooks.zoom(1 / 1.25));
		case "L":
			return event.shiftKey && done(hooks.layout());
		case "!":
			return event.shiftKey && done(hooks.fit());
		case "Enter":
		case " ":
			return Boolean(card) && done(hooks.choose(card.dataset.id, event.shiftKey));
		default:
			return inside && event.key in ARROWS && done(push(event, hooks));
	}
}

function actOnCommand(event, hooks) {
	switch (event.key.toLowerCase()) {
		case "z":
			return done(event.shiftKey ? hooks.redo() : hooks.undo());
		case "y":
			return done(hooks.redo());
		case "a":
			return done(hooks.selectAll());
		default:
			return false;
	}
}

function push(event, hooks) {
	const [x, y] = ARROWS[event.key];
	const step = event.shiftKey ? FAR_STEP : STEP;
	hooks.nudge(x * step, y * step);
}

function done() {
	return true;
}

function writes(element) {
	return Boolean(element?.closest?.("input, textarea, select, [contenteditable='true']"));
}
