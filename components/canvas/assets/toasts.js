/** Toasts: short sentences over the canvas, gone after a while, by a click or with the next edit.
 *
 * Only their own button takes clicks: what they cover can still be used.
 */

import { button, make } from "../live/dom.js";
import { icon } from "../live/icons.js";

const STAYS_MS = 8000;
const MOST = 3;

export class Toasts {
	constructor(list) {
		this.list = list;
	}

	say(sentence) {
		const toast = make(
			"div",
			{ class: "ff-toast", testid: "toast" },
			make("span", { class: "ff-toast-sign" }, icon("warning", 16)),
			make("span", { class: "ff-toast-words", dir: "auto", text: sentence }),
			button({ class: "ff-tool", label: "Dismiss" }, () => toast.remove(), icon("close", 14)),
		);
		setTimeout(() => toast.remove(), STAYS_MS);
		this.list.append(toast);
		while (this.list.childElementCount > MOST) this.list.firstElementChild?.remove();
	}

	clear() {
		this.list.replaceChildren();
	}
}
