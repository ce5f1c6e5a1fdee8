/** Tools: the buttons over the canvas. */

import { make, setText } from "../live/dom.js";
import { icon } from "../live/icons.js";

export function buildTools(hooks) {
	const undo = button("undo", "undo", "Undo (Ctrl+Z)", hooks.undo);
	const redo = button("redo", "redo", "Redo (Ctrl+Shift+Z)", hooks.redo);
	const remove = button("delete", "delete", "Delete what is selected (Del)", hooks.remove);
	const layout = button("layout", "layout", "Arrange by stage (Shift+L)", hooks.layout);
	const edit = make(
		"div",
		{ class: "ff-group" },
		undo,
		redo,
		make("span", { class: "ff-rule" }),
		remove,
		layout,
		make("span", { class: "ff-rule" }),
	);
	const level = make("button", {
		class: "ff-level",
		type: "button",
		testid: "zoom-level",
		hint: "Back to 100 %",
		on: { click: () => hooks.zoomTo(1) },
	});
	const element = make(
		"div",
		{ class: "ff-bar", role: "toolbar", label: "Edit and view" },
		edit,
		button("zoom-out", "minus", "Zoom out (−)", () => hooks.zoom(1 / 1.25)),
		level,
		button("zoom-in", "plus", "Zoom in (+)", () => hooks.zoom(1.25)),
		button("fit", "fit", "Show everything (Shift+1)", hooks.fit),
	);
	const show = (state) => {
		undo.disabled = !state.canUndo;
		redo.disabled = !state.canRedo;
		remove.disabled = !state.canRemove;
		edit.hidden = !state.editable;
	};
	const showZoom = (scale) => setText(level, `${Math.round(scale * 100)} %`);
	return { element, show, showZoom };
}

function button(testid, drawing, hint, act) {
	const attributes = { class: "ff-tool", type: "button", testid, hint, label: hint };
	return make("button", { ...attributes, on: { click: act } }, icon(drawing, 18));
}
