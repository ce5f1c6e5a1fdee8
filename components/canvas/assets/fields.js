/** Fields: where a person types what a run is given, one for each input of the flow. */

import { make, setAttribute, setText } from "../live/dom.js";
import { shorten } from "../live/format.js";

const TALLEST_PX = 56;
const KEPT = "What you type is kept for runs on this machine; the file carries the example.";

/**
 * @typedef {{id: string, name: string, kind: string, description: string, choices: string[],
 *   example: string, value: string | null}} Input
 */

export class Fields {
	/** @param {() => void} typed called after each change by the person */
	constructor(typed) {
		this.element = make("div", { class: "ff-fields" });
		const fit = () => this.rows.forEach(({ control }) => grow(control));
		new ResizeObserver(fit).observe(this.element);
		this.typed = typed;
		this.rows = new Map();
		/** @type {Record<string, string>} what the person has typed here */
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
		setAttribute(this.element, "data-count", String(inputs.length));
	}

	showOne(input) {
		const key = JSON.stringify([input.kind, input.choices]);
		const known = this.rows.get(input.id);
		if (known && known.key !== key) known.row.remove();
		if (!known || known.key !== key) this.rows.set(input.id, { ...this.build(input), key });
		const { control, name } = this.rows.get(input.id);
		setText(name, shorten(input.name, 80));
		setAttribute(control, "placeholder", shorten(input.description, 160) || "Type here");
		setAttribute(control, "title", KEPT);
		const text = this.valueOf(input);
		if (control.value !== text && document.activeElement !== control) control.value = text;
		grow(control);
	}

	valueOf(input) {
		return this.values[input.id] ?? input.value ?? input.example;
	}

	/** @returns {Record<string, string>} what a run is given */
	all() {
		return Object.fromEntries(this.inputs.map((input) => [input.id, this.valueOf(input)]));
	}

	/** @returns {string | undefined} the name of an input that must have a value and has none */
	lacking() {
		const lacks = (input) => input.required && !this.valueOf(input).trim();
		return this.inputs.find(lacks)?.name;
	}

	/** Lead to what is not filled in: the likeliest reason that nothing runs. */
	focusEmpty() {
		this.inputs.some((input) => !this.valueOf(input) && !this.rows.get(input.id).control.focus());
	}

	build(input) {
		const control = buildControl(input);
		const name = make("span", { class: "ff-field-name", dir: "auto" });
		const row = make("label", { class: "ff-field" }, name, control);
		control.addEventListener("input", () => {
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

/** Be as high as the text, up to a few lines. */
function grow(control) {
	if (control.tagName !== "TEXTAREA" || !control.isConnected) return;
	const length = String(control.value.length);
	const known = `${control.clientWidth} ${length}`;
	if (control.dataset.grown === known) return;
	control.dataset.grown = known;
	control.style.height = "auto";
	control.style.height = `${Math.min(control.scrollHeight + 2, TALLEST_PX)}px`;
}
