/** Help: the list of shortcuts, as the table of keys says them. */

import { button, make } from "../live/dom.js";
import { icon } from "../live/icons.js";
import { SHORTCUTS } from "./keys.js";

export function buildHelp(root) {
	const rows = SHORTCUTS.map(([keys, words]) =>
		make(
			"div",
			{ class: "ff-key-row" },
			make("dt", {}, ...keys.split(", ").map((key) => make("kbd", { text: key }))),
			make("dd", { text: words }),
		),
	);
	const close = button({ class: "ff-tool", label: "Close" }, () => dialog.close(), icon("close"));
	const title = make("h2", { text: "Keys and gestures" });
	const dialog = make(
		"dialog",
		{ class: "ff-help", testid: "shortcuts", label: "Keys and gestures" },
		make("header", {}, title, close),
		make("dl", {}, ...rows),
	);
	dialog.addEventListener("click", ({ target }) => target === dialog && dialog.close());
	root.append(dialog);
	return () => dialog.showModal();
}
