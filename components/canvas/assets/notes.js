/** Notes: what is written on the canvas beside the cards. */

import { button, make } from "../live/dom.js";
import { icon } from "../live/icons.js";
import { HIGHEST_NOTE } from "./geometry.js";

export class Notes {
	/** `remove`: takes the note with an id away. */
	constructor({ notes }, board, remove) {
		this.layer = notes;
		this.board = board;
		this.remove = remove;
		this.shown = "";
		/** Where they stand; the view shows these places too. */
		this.rects = [];
	}

	show(notes, editable) {
		const shown = JSON.stringify([notes, editable]);
		if (shown === this.shown) return;
		this.shown = shown;
		const drawn = notes.map((note) => this.draw(note, editable));
		this.layer.replaceChildren(...drawn);
		this.rects = notes.map(({ x, y }, place) => {
			const note = drawn[place];
			if (note.offsetHeight > HIGHEST_NOTE) {
				note.classList.add("ff-long", "ff-scrolls");
				note.firstChild.tabIndex = 0;
			}
			return { left: x, top: y, right: x + note.offsetWidth, bottom: y + note.offsetHeight };
		});
	}

	draw({ id, text, x, y }, editable) {
		const words = make("span", { class: "ff-note-words", dir: "auto", text });
		const away = { class: "ff-tool", label: "Remove this note", testid: `remove-note-${id}` };
		const close = editable && button(away, () => this.remove(id), icon("close"));
		const drawn = make("div", { class: "ff-note", role: "note", testid: `note-${id}` }, words, close || null);
		drawn.style.transform = `translate(${x}px, ${y}px)`;
		return drawn;
	}

	follow() {
		this.board.lay(this.layer);
	}
}
