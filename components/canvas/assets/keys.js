/** Keys: what the keyboard does at the canvas. */

const STEP = 8;
const FAR_STEP = 40;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * Keys act while the focus is in the canvas, or nowhere.
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
	if (event.ctrlKey || event.metaKey) return actOnCommand(event, hooks);
	const card = document.activeElement?.closest?.(".ff-card");
	const inside = stage.contains(document.activeElement);
	const acts = {
		Delete: inside && hooks.remove,
		Backspace: inside && hooks.remove,
		Escape: hooks.escape,
		"+": inside && (() => hooks.zoom(1.25)),
		"=": inside && (() => hooks.zoom(1.25)),
		"-": inside && (() => hooks.zoom(1 / 1.25)),
		L: event.shiftKey && hooks.layout,
		"!": event.shiftKey && hooks.fit,
		Enter: card && (() => hooks.choose(card.dataset.id, event.shiftKey)),
		" ": card && (() => hooks.choose(card.dataset.id, event.shiftKey)),
	};
	const found = event.key in ARROWS ? inside && (() => push(event, hooks)) : acts[event.key];
	if (found) found();
	return Boolean(found);
}

function actOnCommand(event, hooks) {
	const acts = { z: event.shiftKey ? hooks.redo : hooks.undo, y: hooks.redo, a: hooks.selectAll };
	const found = acts[event.key.toLowerCase()];
	if (found) found();
	return Boolean(found);
}

function push(event, hooks) {
	const [x, y] = ARROWS[event.key];
	const step = event.shiftKey ? FAR_STEP : STEP;
	hooks.nudge(x * step, y * step);
}

function writes(element) {
	return Boolean(element?.closest?.("input, textarea, select, [contenteditable='true']"));
}
