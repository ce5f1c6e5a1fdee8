/** Toasts: short sentences over the canvas, gone after a while, by a click or with the next edit.
 *
 * Only their own button takes clicks: what they cover can still be used.
 */

import { clone, on } from "../live/dom.js";

const STAYS_MS = 8000;
const MOST = 3;

export class Toasts {
	constructor({ toasts, toast }) {
		this.list = toasts;
		this.template = toast;
	}

	say(sentence) {
		const { toast, words, dismiss } = clone(this.template).parts;
		words.textContent = sentence;
		on(dismiss, "click", () => toast.remove());
		setTimeout(() => toast.remove(), STAYS_MS);
		this.list.append(toast);
		while (this.list.childElementCount > MOST) this.list.firstElementChild.remove();
	}

	clear() {
		this.list.replaceChildren();
	}
}
