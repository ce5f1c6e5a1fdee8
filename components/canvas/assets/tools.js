/** Tools: the buttons over the canvas. */

import { button, make, setText } from "../live/dom.js";
import { icon } from "../live/icons.js";

export function buildTools(desk) {
	const tool = (name, hint, act, drawing = name) =>
		button({ class: "ff-tool", testid: name, hint, label: hint }, act, icon(drawing));
	const rule = () => make("span", { class: "ff-rule" });
	const undo = tool("undo", "Undo (Ctrl+Z)", desk.undo);
	const redo = tool("redo", "Redo (Ctrl+Shift+Z)", desk.redo);
	const remove = tool("delete", "Delete what is chosen (Delete)", desk.remove);
	const layout = tool("layout", "Arrange by stage (Shift+L)", desk.layout);
	const edit = make("div", { class: "ff-group" }, undo, redo, rule(), remove, layout, rule());
	const attributes = { class: "ff-level", testid: "zoom-level", hint: "Back to 100 %" };
	const level = button(attributes, () => desk.zoomTo(1));
	const element = make(
		"div",
		{ class: "ff-bar", role: "toolbar", label: "Edit and view" },
		edit,
		tool("zoom-out", "Zoom out (−)", () => desk.zoom(1 / 1.25), "minus"),
		level,
		tool("zoom-in", "Zoom in (+)", () => desk.zoom(1.25), "plus"),
		tool("fit", "Show everything (F)", desk.fit),
		tool("help", "Keys and gestures (?)", desk.help),
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
