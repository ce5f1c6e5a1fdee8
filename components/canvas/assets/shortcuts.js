/** Help: the list of shortcuts, as the table of keys says them. */

import { make, on } from "../live/dom.js";
import { SHORTCUTS } from "./keys.js";

export function fillHelp({ help, keys: list }) {
	const key = (text) => make("kbd", { text });
	const row = ([keys, text]) =>
		make("div", {}, make("dt", {}, ...keys.split(", ").map(key)), make("dd", { text }));
	list.append(...SHORTCUTS.map(row));
	on(help, "click", ({ target }) => target === help && help.close());
}
