/** Menu: a short list at a place of the canvas, for the mouse and for the keyboard. */

import { button, make, on } from "../live/dom.js";
import { icon } from "../live/icons.js";
import { clamp } from "./geometry.js";

export class Menu {
	constructor({ stage, hud }) {
		this.stage = stage;
		this.hud = hud;
		this.list = null;
		this.away = ({ target }) => this.list?.contains(target) || this.close();
	}

	/** `items`: those that are false are left out. `closed`: called once it is gone. */
	open(at, label, items, closed = () => {}) {
		this.close();
		this.closed = closed;
		this.before = document.activeElement;
		this.list = make(
			"div",
			{ class: "ff-menu ff-scrolls", role: "menu", testid: "menu", label },
			...items.filter(Boolean).map((item) => this.row(item)),
		);
		this.hud.append(this.list);
		const box = this.stage.getBoundingClientRect();
		const within = (wish, most) => `${clamp(wish, 8, Math.max(most - 8, 8))}px`;
		const { offsetWidth, offsetHeight, style } = this.list;
		style.left = within(at.clientX - box.left, box.width - offsetWidth);
		style.top = within(at.clientY - box.top, box.height - offsetHeight);
		this.list.firstElementChild?.focus({ preventScroll: true });
		this.endAway = on(window, "pointerdown", this.away, { capture: true });
	}

	row([testid, drawing, words, act, keys]) {
		const choose = () => {
			this.close();
			act();
		};
		return button(
			{ class: "ff-menu-row", role: "menuitem", testid },
			choose,
			icon(drawing, 16),
			make("span", { dir: "auto", text: words }),
			keys && make("kbd", { text: keys }),
		);
	}

	walk({ key }) {
		if (!this.list) return false;
		const rows = [...this.list.children];
		const now = rows.indexOf(document.activeElement);
		const ahead = [...rows.slice(now + 1), ...rows.slice(0, now)];
		const begins = (row) => row.textContent.trim().toLowerCase().startsWith(key.toLowerCase());
		const goes = { ArrowDown: ahead[0], ArrowUp: ahead.at(-1) };
		const next = goes[key] ?? (key.length === 1 && key !== " " ? ahead.find(begins) : null);
		next?.focus();
		if (key === "Escape" || key === "Tab") this.close();
		return key !== "Enter" && key !== " ";
	}

	close() {
		const { list } = this;
		if (!list) return false;
		this.list = null;
		this.endAway();
		if (list.contains(document.activeElement)) this.before?.focus({ preventScroll: true });
		list.remove();
		this.closed();
		return true;
	}
}
