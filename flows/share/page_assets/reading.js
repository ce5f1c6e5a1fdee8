/** Reading: beside the graph, the result of the run or what the flow is, and the chosen node. */

import { make, setAttribute, setText } from "./elements.js";
import { busyAt, statusAt, textAt, waitsAt } from "./moment.js";
import { proseOf } from "./prose.js";
import { STATUS_WORDS, counted, seconds, shorten, tokens } from "./words.js";

export class Reading {
	constructor(data) {
		this.data = data;
		this.cards = new Map(data.cards.map((card) => [card.id, card]));
		this.tab = "whole";
		this.whole = make("div", { class: "texts", testid: data.run ? "result" : "about", tabindex: "0" });
		this.node = make("div", { class: "texts", testid: "node", tabindex: "0" });
		this.tabs = {
			whole: this.makeTab("whole", data.run ? "Result" : "Flow"),
			node: this.makeTab("node", "Node"),
		};
		const tabs = make("div", { class: "tabs", role: "tablist" }, this.tabs.whole, this.tabs.node);
		this.element = make("aside", { class: "side" }, tabs, this.whole, this.node);
		this.seen = { whole: "", node: "" };
	}

	makeTab(name, text) {
		const on = { click: () => this.show(name) };
		return make("button", { class: "tab", type: "button", role: "tab", testid: `tab-${name}`, text, on });
	}

	show(name) {
		this.tab = name;
		this.draw(this.at, this.selected);
	}

	/** @param {string} selected a node or one of its items; empty: none */
	draw(at, selected) {
		Object.assign(this, { at, selected });
		for (const [name, tab] of Object.entries(this.tabs)) {
			setAttribute(tab, "aria-selected", String(name === this.tab));
		}
		setAttribute(this.whole, "hidden", this.tab !== "whole");
		setAttribute(this.node, "hidden", this.tab !== "node");
		setText(this.tabs.node, selected ? shorten(this.nameOf(selected), 26) : "Node");
		if (this.tab === "node") this.fill("node", this.nodeTexts(at, selected));
		else this.fill("whole", this.data.run ? this.result(at) : this.about());
	}

	/** Fill a place anew only where something else is to be read. */
	fill(name, texts) {
		const seen = JSON.stringify(texts);
		if (seen === this.seen[name]) return;
		this.seen[name] = seen;
		const element = name === "whole" ? this.whole : this.node;
		const { scrollTop } = element;
		element.replaceChildren(...texts.map(drawText));
		element.scrollTop = scrollTop;
	}

	nameOf(key) {
		const [id, item] = key.split("[");
		const name = this.cards.get(id)?.name ?? id;
		return item ? `${name} · ${parseInt(item, 10) + 1}` : name;
	}

	about() {
		const { description, policy, cards, bands } = this.data;
		const counts = counted(cards.length, "node") + (bands.length ? ` in ${counted(bands.length, "stage")}` : "");
		return [
			{ look: "figures", text: counts },
			{ look: "prose", text: description },
			{ look: "empty", text: this.data.blank ? LEFT_OUT : "" },
			{ title: "How it runs", look: "prose", text: policy },
			{ look: "empty", text: "Choose a card to read it." },
		].filter(({ text }) => text);
	}

	result(at) {
		const { run, ends } = this.data;
		const ended = at >= run.wall;
		const errors = ended ? this.errors() : [];
		const answers = ends
			.map((key) => ({ key, text: textAt(run.parts[key], at) }))
			.filter(({ text }) => text);
		const early = answers.length || ended ? [] : this.early(at);
		const shown = early.length ? early : answers;
		const titled = early.length > 0 || shown.length > 1;
		const texts = shown.map(({ key, text }) => ({
			title: titled ? this.nameOf(key) : "",
			look: early.length ? "early" : this.lookOf(key, at),
			text,
			writing: statusAt(run.parts[key], at) === "running",
		}));
		const blank = texts.length || errors.length ? [] : [{ look: "empty", text: this.data.blank ? LEFT_OUT : blankAt(ended, at) }];
		return [...errors, ...texts, ...blank, ...(ended ? [{ look: "foot", text: this.foot() }] : [])];
	}

	lookOf(key, at) {
		const part = this.data.run.parts[key];
		return part.json && at >= part.ended ? "code" : "answer";
	}

	/** Before the first result there is already something to read: what the others say. */
	early(at) {
		const { parts } = this.data.run;
		return Object.keys(parts)
			.filter((key) => !key.includes("["))
			.map((key) => ({ key, text: textAt(parts[key], at) }))
			.filter(({ text }) => text);
	}

	errors() {
		const { error, errors } = this.data.run;
		const each = Object.entries(errors).map(([key, text]) => ({
			look: "error",
			text: text.includes(this.nameOf(key)) ? text : `${this.nameOf(key)}: ${text}`,
		}));
		const said = each.some(({ text }) => error.includes(text) || text.includes(error));
		return error && !said ? [{ look: "error", text: error }, ...each] : each;
	}

	foot() {
		const { run } = this.data;
		const counts = Object.values(run.parts).map((part) => part.tokens ?? 0);
		const total = counts.reduce((sum, count) => sum + count, 0);
		const words = [run.model, total ? tokens(total) : "", seconds(run.wall)];
		return words.filter(Boolean).join(" · ");
	}

	nodeTexts(at, selected) {
		const card = this.cards.get(selected.split("[")[0]);
		if (!card) return [{ look: "empty", text: "Choose a card to read it." }];
		const passages = (card.passages ?? []).map(({ title, text, code }) => ({
			title,
			look: code ? "code" : "prose",
			text,
		}));
		const head = { look: "figures", text: [card.label, ""].join("") };
		if (!this.data.run) return [head, ...passages, ...(passages.length ? [] : [NOTHING])];
		return [...this.partTexts(card, this.data.run.parts[selected], at), ...passages];
	}

	partTexts(card, part, at) {
		if (card.type === "input") {
			return [{ title: "Given", look: "answer", text: this.data.run.inputs[card.id] ?? "" }].filter(({ text }) => text);
		}
		const status = statusAt(part, at);
		const ended = part?.ended !== undefined && at >= part.ended;
		const text = textAt(part, at);
		const why = ended ? part.error || part.reason : "";
		return [
			{ look: "figures", text: figuresAt(part, at, status) },
			{ look: "prose", text: ended ? part.why : "" },
			{ look: part?.error ? "error" : "mild", text: why },
			...waitsAt(part, at).map((wait, place) => ({
				look: "retry",
				text: `Attempt ${place + 1} failed at ${seconds(wait.at)}: ${wait.error}`,
			})),
			{ title: "Output", look: part?.json && ended ? "code" : "answer", text, writing: status === "running" },
			{ title: "Calls", look: "code", text: callsAt(part, at) },
			{ title: card.type === "join" ? "What it was given" : "Message as sent", look: "answer", text: part && at >= (part.started ?? Infinity) ? part.message : "" },
		].filter(({ text, writing }) => text || writing);
	}
}

const LEFT_OUT = "Inputs, outputs and names were left out of this page.";
const NOTHING = { look: "empty", text: "There is nothing more to read about it." };

function blankAt(ended, at) {
	if (ended) return "This run gave no result.";
	return at > 0 ? "Waiting for the first words…" : "Press Play to see how the run went.";
}

function callsAt(part, at) {
	const calls = (part?.calls ?? []).filter(([when]) => at >= when);
	return calls.map(([when, text]) => `${seconds(when)}  ${text}`).join("\n");
}

function figuresAt(part, at, status) {
	const started = part?.started !== undefined && at >= part.started;
	const ended = part?.ended !== undefined && at >= part.ended;
	const tries = waitsAt(part, at).length + 1;
	const words = [
		STATUS_WORDS[status],
		ended && part.branches ? `took ${part.branches}` : "",
		ended ? part.took : started ? `${seconds(part.started)} → now · ${seconds(busyAt(part, at))}` : "",
		ended ? tokens(part.tokens) : "",
		tries > 1 ? counted(tries, "attempt") : "",
		ended ? part.model : "",
	];
	return words.filter(Boolean).join(" · ");
}

function drawText({ title, look, text, writing }) {
	const prose = look === "answer" || look === "early";
	const body = make("div", { class: `text text-${look}`, dir: "auto", "data-writing": writing });
	if (prose) body.append(...proseOf(text ?? "", { writing }));
	else body.textContent = text ?? "";
	const head = title ? make("h3", { class: "text-title", dir: "auto", text: title }) : null;
	return make("section", { class: "passage" }, head, body);
}
