/** Fields: where a person types what a run is given, one for each input of the flow. */

import { make, on, setAttribute, setText } from "../live/dom.js";
import { shorten } from "../live/format.js";

const TALLEST_PX = 112;

export class Fields {
	constructor(element, typed) {
		this.element = element;
		this.fit = () => this.rows.forEach(({ control }) => grow(control));
		new ResizeObserver(this.fit).observe(this.element);
		this.typed = typed;
		this.rows = new Map();
		this.values = {};
		this.inputs = [];
	}

	show(inputs) {
		this.inputs = inputs;
		const ids = new Set(inputs.map((input) => input.id));
		for (const [id, { row }] of this.rows) {
			if (ids.has(id)) continue;
			row.remove();
			this.rows.delete(id);
		}
		for (const input of inputs) this.showOne(input);
		const order = inputs.map((input) => this.rows.get(input.id).row);
		if (order.some((row, place) => this.element.children[place] !== row)) {
			this.element.replaceChildren(...order);
		}
		// Asking for sizes now would make the page lay out twice.
		requestAnimationFrame(this.fit);
	}

	showOne(input) {
		const key = JSON.stringify([input.kind, input.choices]);
		const known = this.rows.get(input.id);
		if (known?.key !== key) {
			known?.row.remove();
			this.rows.set(input.id, { ...this.build(input), key });
		}
		const { control, name } = this.rows.get(input.id);
		setText(name, shorten(input.name, 80));
		setAttribute(control, "placeholder", shorten(input.description, 160) || "Type here");
		const text = this.valueOf(input);
		if (control.value !== text && document.activeElement !== control) control.value = text;
	}

	focus() {
		this.element.querySelector("input, textarea, select")?.focus();
	}

	valueOf(input) {
		return this.values[input.id] ?? input.value ?? input.example;
	}

	all() {
		return Object.fromEntries(this.inputs.map((input) => [input.id, this.valueOf(input)]));
	}

	lacking() {
		const empty = this.inputs.filter((input) => !this.valueOf(input).trim());
		return { lacks: empty.find(({ required }) => required)?.name, blank: empty[0]?.name };
	}

	focusEmpty() {
		this.inputs.some((input) => !this.valueOf(input) && !this.rows.get(input.id).control.focus());
	}

	build(input) {
		const control = buildControl(input);
		const name = make("span", { class: "ff-field-name", dir: "auto" });
		const row = make("label", { class: "ff-field" }, name, control);
		on(control, "input", () => {
			this.values[input.id] = control.value;
			grow(control);
			this.typed();
		});
		return { row, control, name };
	}
}

function buildControl(input) {
	const attributes = { class: "ff-control", testid: `input-${input.id}`, dir: "auto" };
	if (input.kind === "number") return make("input", { ...attributes, type: "number", step: "any" });
	if (input.kind === "choice") {
		const choices = input.choices.map((choice) => make("option", { value: choice, text: choice }));
		return make("select", attributes, ...choices);
	}
	return make("textarea", { ...attributes, rows: "1", spellcheck: "false" });
}

function grow(control) {
	if (control.tagName !== "TEXTAREA" || !control.isConnected) return;
	const known = `${control.clientWidth} ${control.value.length}`;
	if (control.dataset.grown === known) return;
	control.dataset.grown = known;
	control.style.height = "auto";
	control.style.height = `${Math.min(control.scrollHeight + 2, TALLEST_PX)}px`;
}
