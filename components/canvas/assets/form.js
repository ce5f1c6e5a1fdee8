/** Form: the inspector beside the canvas. Until it is that of what is chosen it takes no word:
 * what is typed meanwhile waits for the field it is meant for. */

import { on } from "../live/dom.js";

const PATIENCE_MS = 5000;
const KEPT_AFTER_MS = 800;
const LAST = 1e9;
/** Streamlit still fills the fields of a form that has just come. */
const SETTLED_MS = 700;
/** So long nothing changed in a form that is filled: what is written into it stays. */
const RESTED_MS = 100;
const ALL = { childList: true, subtree: true, attributes: true };
/** What is not well-formed until it is whole. */
const HALF_IS_WRONG = new Set(["output_schema", "items"]);
const FIELDS = "input:not([role=combobox], [type=radio], [type=checkbox]), textarea";

let release = () => {};
/** What is typed ahead of the form; none while the form is there. */
let ahead = null;

const formOf = () => document.querySelector(".st-key-inspector");
const fields = () => [...(formOf()?.querySelectorAll(FIELDS) ?? [])];
const find = (name) => fields().find((field) => nameOf(field) === name);

/** `ids`: what was just chosen. */
export function holdForm(ids) {
	const form = formOf();
	const wanted = [...ids].sort().join();
	if (ahead?.owner === wanted) return;
	const isThere = () => form.querySelector("[data-form-of]")?.dataset.formOf === wanted;
	release();
	if (!form || isThere()) return;
	ahead = new TypedAhead(wanted);
	let rested = 0;
	const watch = new MutationObserver(() => {
		clearTimeout(rested);
		if (!isThere()) return;
		if (ahead.name === null) release();
		else rested = setTimeout(release, RESTED_MS);
	});
	const late = setTimeout(() => release(), PATIENCE_MS);
	release = () => {
		release = () => {};
		watch.disconnect();
		clearTimeout(late);
		clearTimeout(rested);
		form.inert = false;
		form.scrollTop = 0;
		ahead.end(isThere());
		ahead = null;
	};
	form.inert = true;
	watch.observe(form, ALL);
}

/** Choose all the text of a field of the form; what is typed before it is there waits for it. */
export function openField(name) {
	if (ahead) Object.assign(ahead, { name, whole: true });
	else chooseAll(name);
}

/** Choose all the text of a field, and once more when it is filled anew before anything is done. */
function chooseAll(name) {
	let last = {};
	const choose = () => {
		const field = find(name);
		if (!field || (field === last.field && field.value === last.value)) return;
		field.focus();
		field.select();
		last = { field, value: field.value };
	};
	// Sooner than a frame: before the key that comes next.
	const watch = new MutationObserver(choose);
	const touched = new AbortController();
	const end = () => touched.abort(watch.disconnect());
	const ways = { capture: true, signal: touched.signal };
	const abort = ({ isTrusted }) => isTrusted && end(); // not for an Enter that nobody pressed
	for (const kind of ["keydown", "pointerdown"]) on(window, kind, abort, ways);
	setTimeout(end, SETTLED_MS);
	watch.observe(formOf(), ALL);
	choose();
}

/** A click into the form that is not here yet, and the keys after it. */
class TypedAhead {
	constructor(owner) {
		Object.assign(this, { owner, name: null, keys: [], whole: false });
		const ways = { capture: true };
		this.endings = [
			on(document, "pointerdown", (event) => this.point(event), ways),
			on(document, "mousedown", ({ detail }) => (this.whole = detail > 2), ways),
			// Before the canvas's own keys.
			on(window, "keydown", (event) => this.press(event), ways),
		];
	}

	point({ clientX: x, clientY: y, isTrusted }) {
		// A press on a card, handed on.
		if (!isTrusted) return;
		const under = (element) => {
			const { left, right, top, bottom } = element.getBoundingClientRect();
			return left <= x && x <= right && top <= y && y <= bottom;
		};
		this.keys = [];
		this.name = nameOf(fields().find(under));
	}

	press(event) {
		// The Enter by which a field is handed in is nobody's: taken for one, it would run the flow.
		if (this.name === null || !event.isTrusted) return;
		event.preventDefault();
		event.stopImmediatePropagation();
		this.keys.push((event.ctrlKey || event.metaKey ? "Ctrl+" : "") + event.key);
	}

	end(isThere) {
		for (const end of this.endings) end();
		if (!isThere || this.name === null) return;
		const all = fields();
		let place = all.findIndex((field) => nameOf(field) === this.name);
		all[place]?.focus();
		if (this.whole && !this.keys.length) chooseAll(this.name);
		else if (this.whole) all[place]?.select();
		else if (all[place]?.matches("textarea")) all[place].setSelectionRange(LAST, LAST);
		for (const key of this.keys) {
			if (key === "Tab") all[(place += 1)]?.focus();
			else if (key.toLowerCase() === "ctrl+a") all[place]?.select();
			else if (key === "Backspace") document.execCommand("delete");
			else if (key === "Escape") document.querySelector(".ff-card[data-selected]")?.focus();
			else if (key === "Ctrl+Enter") setTimeout(runWith, 0, all[place]);
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
	const before = find(name)?.value;
	const late = performance.now() + PATIENCE_MS;
	const typed = new TypedAhead();
	typed.name = name;
	const look = () => {
		const over = find(name)?.value !== before || performance.now() > late;
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

/** Have Streamlit take what stands in a field: Enter does it. */
function handIn(field) {
	const enter = { key: "Enter", code: "Enter", keyCode: 13, ctrlKey: field.matches("textarea"), bubbles: true };
	field.dispatchEvent(new KeyboardEvent("keydown", enter));
}

function runWith(field) {
	if (field) handIn(field);
	document.querySelector(".ff-run").click();
}

/** What is typed is kept after a moment's rest, as when the field is left. */
export function keepTyped() {
	let resting = 0;
	const typed = ({ target }) => {
		if (!target.matches?.(FIELDS) || !formOf()?.contains(target)) return;
		if (HALF_IS_WRONG.has(nameOf(target))) return;
		clearTimeout(resting);
		resting = setTimeout(() => empty({ target }) || handIn(target), KEPT_AFTER_MS);
	};
	const left = (event) => empty(event) && event.stopImmediatePropagation();
	const endings = [
		on(document, "input", typed),
		on(document, "focusout", left, { capture: true }),
		on(document, "keydown", (event) => event.key === "Enter" && left(event), { capture: true }),
		on(document, "toggle", ({ target }) => showWhole(target), { capture: true }),
	];
	return () => endings.forEach((end) => end());
}

/** A part of the form that was opened is brought into sight, as far as it fits. */
function showWhole(part) {
	if (!part.open || !formOf()?.contains(part)) return;
	const watch = new ResizeObserver(() => part.scrollIntoView({ block: "nearest" }));
	watch.observe(part); // what stands in it comes later
	setTimeout(() => watch.disconnect(), SETTLED_MS);
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
