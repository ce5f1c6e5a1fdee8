/** Form: the inspector beside the canvas. Until it is that of what is chosen it takes no word:
 * what is typed meanwhile waits for the field it is meant for. */

import { on } from "../live/dom.js";

const PATIENCE_MS = 5000;
const KEPT_AFTER_MS = 800;
const LAST = 1e9;
/** What is not well-formed until it is whole. */
const HALF_IS_WRONG = new Set(["output_schema", "items"]);
const FIELDS = "input:not([role=combobox], [type=radio], [type=checkbox]), textarea";

let release = () => {};
/** What is typed ahead of the form; none while the form is there. */
let ahead = null;

const formOf = () => document.querySelector(".st-key-inspector");

/** `ids`: what was just chosen. */
export function holdForm(ids) {
	const form = formOf();
	const wanted = [...ids].sort().join();
	if (ahead?.owner === wanted) return;
	const isThere = () => form.querySelector("[data-form-of]")?.dataset.formOf === wanted;
	release();
	if (!form || isThere()) return;
	ahead = new TypedAhead(form, wanted);
	const watch = new MutationObserver(() => isThere() && release());
	const late = setTimeout(() => release(), PATIENCE_MS);
	release = () => {
		release = () => {};
		watch.disconnect();
		clearTimeout(late);
		form.inert = false;
		ahead.end(isThere());
		ahead = null;
	};
	form.inert = true;
	watch.observe(form, { childList: true, subtree: true, attributes: true });
}

/** Lead to a field of the form; what is typed before it is there waits for it. */
export function openField(name) {
	if (ahead) ahead.name = name;
	else [...(formOf()?.querySelectorAll(FIELDS) ?? [])].find((each) => nameOf(each) === name)?.focus();
}

/** A click into the form that is not here yet, and the keys after it. */
class TypedAhead {
	constructor(form, owner) {
		Object.assign(this, { form, owner, name: null, keys: [], whole: false });
		const ways = { capture: true };
		this.endings = [
			on(document, "pointerdown", (event) => this.point(event), ways),
			on(document, "mousedown", ({ detail }) => (this.whole = detail > 2), ways),
			on(window, "keydown", (event) => this.press(event), ways), // before the canvas's own keys
		];
	}

	point({ clientX: x, clientY: y, isTrusted }) {
		if (!isTrusted) return; // a press on a card, handed on
		const under = (element) => {
			const { left, right, top, bottom } = element.getBoundingClientRect();
			return left <= x && x <= right && top <= y && y <= bottom;
		};
		this.keys = [];
		this.name = nameOf([...this.form.querySelectorAll(FIELDS)].find(under));
	}

	press(event) {
		if (this.name === null) return;
		event.preventDefault();
		event.stopImmediatePropagation();
		this.keys.push((event.ctrlKey || event.metaKey ? "Ctrl+" : "") + event.key);
	}

	end(isThere) {
		for (const end of this.endings) end();
		if (!isThere || this.name === null) return;
		const all = [...this.form.querySelectorAll(FIELDS)];
		let place = all.findIndex((field) => nameOf(field) === this.name);
		all[place]?.focus();
		if (this.whole) all[place]?.select();
		else if (all[place]?.matches("textarea")) all[place].setSelectionRange(LAST, LAST);
		for (const key of this.keys) {
			if (key === "Tab") all[(place += 1)]?.focus();
			else if (key.toLowerCase() === "ctrl+a") all[place]?.select();
			else if (key === "Backspace") document.execCommand("delete");
			else if (key.length === 1) document.execCommand("insertText", false, key);
		}
	}
}

/** After "Insert a value" the writing goes on behind what was inserted. */
export function writeOn() {
	let name = null;
	return on(
		document,
		"click",
		({ target }) => {
			const menu = target.closest(".st-key-inspector [class*='-insert']");
			if (!menu && name && target.closest("[role^='menuitem'], [role='option']")) goOn(name);
			name = menu?.className.match(/-([a-z_]+)-insert/)?.[1] ?? null;
		},
		{ capture: true },
	);
}

function goOn(name) {
	const find = () => [...formOf().querySelectorAll(FIELDS)].find((each) => nameOf(each) === name);
	const before = find()?.value;
	const late = performance.now() + PATIENCE_MS;
	const typed = new TypedAhead(formOf());
	typed.name = name;
	const look = () => {
		const over = find()?.value !== before || performance.now() > late;
		if (over) typed.end(true);
		else requestAnimationFrame(look);
	};
	look();
}

/** The name of a field in the file: the end of its key's class. */
function nameOf(field) {
	const keyed = field?.closest("[class*='st-key-']");
	return keyed?.className.match(/st-key-\S*-([a-z_]+)(?:\s|$)/)?.[1] ?? null;
}

/** What is typed is kept after a moment's rest, as when the field is left: Enter does the same. */
export function keepTyped() {
	let resting = 0;
	const typed = ({ target }) => {
		if (!target.matches?.(FIELDS) || !formOf()?.contains(target)) return;
		if (HALF_IS_WRONG.has(nameOf(target))) return;
		clearTimeout(resting);
		const enter = { key: "Enter", code: "Enter", keyCode: 13, ctrlKey: target.matches("textarea"), bubbles: true };
		const rest = () => empty({ target }) || target.dispatchEvent(new KeyboardEvent("keydown", enter));
		resting = setTimeout(rest, KEPT_AFTER_MS);
	};
	const left = (event) => empty(event) && event.stopImmediatePropagation();
	const endings = [
		on(document, "input", typed),
		on(document, "focusout", left, { capture: true }),
		on(document, "keydown", (event) => event.key === "Enter" && left(event), { capture: true }),
	];
	return () => endings.forEach((end) => end());
}

/**
 * A number that was emptied is let go of. Streamlit must not hear that its field is left: it would
 * put back, and send, the number it was drawn with.
 */
function empty({ target }) {
	if (!target.matches?.(".st-key-inspector [type=number]") || target.value) return false;
	const key = target.closest("[class*='st-key-']").className.match(/st-key-\S+/)[0];
	const clear = document.querySelector(`.${CSS.escape(key)}-clear button`);
	clear?.click();
	return clear !== null;
}
