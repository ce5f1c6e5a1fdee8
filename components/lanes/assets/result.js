/** Result: what the end nodes give, streaming as it comes, then as it is; and what went wrong. */

import { make, setAttribute, setText } from "../live/dom.js";
import { counted, outputText, seconds, tokens } from "../live/format.js";

/**
 * @typedef {{ends: string[], nodes: Map<string, {name: string}>,
 *   live: import("../live/live.js").Live}} Scene
 */

export class Result {
	constructor() {
		this.answers = make("div", { class: "ff-answers" });
		this.errors = make("div", { class: "ff-errors" });
		this.empty = make("p", { class: "ff-result-empty" });
		this.foot = make("p", { class: "ff-result-foot" });
		this.element = make(
			"div",
			{ class: "ff-result-body", testid: "result", tabindex: "0", label: "Result" },
			this.errors,
			this.answers,
			this.empty,
			this.foot,
		);
		this.known = new Map();
		this.said = "";
		/** The end of the text is in sight: it is kept there while more comes. */
		this.down = true;
		this.element.addEventListener("scroll", () => {
			const { scrollHeight, scrollTop, clientHeight } = this.element;
			this.down = scrollHeight - scrollTop - clientHeight < 24;
		});
	}

	draw({ ends, nodes, live }) {
		const { run } = live;
		const results = ends.filter((key) => textOf(live, key) !== "" || isEnd(live, key));
		// Before the first result there is already something to read: what the others say.
		const others = () => [...nodes.keys()].filter((key) => textOf(live, key) !== "");
		const early = live.busy && !results.length ? others() : [];
		const shown = early.length ? early : results;
		for (const [key, answer] of this.known) {
			if (shown.includes(key)) continue;
			answer.element.remove();
			this.known.delete(key);
		}
		setAttribute(this.answers, "data-early", early.length ? "true" : null);
		const titled = early.length > 0 || shown.length > 1;
		const more = shown.filter((key) => this.drawAnswer(key, nodes, live, titled));
		this.drawErrors(nodes, live);
		const status = live.armed ? "running" : run?.status ?? "idle";
		setAttribute(this.element, "data-status", status);
		setText(this.empty, shown.length || this.said ? "" : blank(status, run?.model));
		setAttribute(this.empty, "hidden", this.empty.textContent ? null : "");
		setText(this.foot, run && run.status !== "running" ? usage(live) : "");
		if (this.down && live.busy && more.length) this.element.scrollTop = 1e9;
		if (this.busy && !live.busy) this.element.scrollTop = 0; // to be read from its beginning
		this.busy = live.busy;
	}

	drawAnswer(key, nodes, live, titled) {
		let answer = this.known.get(key);
		if (!answer) {
			this.known.set(key, (answer = new Answer()));
			this.answers.append(answer.element);
		}
		return answer.draw(titled ? nodes.get(key)?.name ?? key : "", textOf(live, key), {
			writing: live.nodes[key]?.status === "running",
			plain: typeof (live.run?.outputs[key] ?? "") === "string",
		});
	}

	drawErrors(nodes, { run, nodes: told }) {
		const flawed = Object.entries(told).filter(([, node]) => node.status === "finished" && node.reason);
		const errors = [
			...Object.entries(run?.errors ?? {}),
			...flawed.map(([key, node]) => [key, node.reason]),
		];
		const whole = [run?.error, run?.unsaved].filter(
			(sentence) => sentence && !errors.some(([, each]) => sentence.includes(each)),
		);
		const key = whole.length || errors.length ? JSON.stringify([whole, errors]) : "";
		if (key === this.said) return;
		this.said = key;
		const lines = errors.map(([node, sentence]) => {
			const name = nodes.get(node)?.name ?? node;
			const title = sentence.includes(name) ? null : make("b", { dir: "auto", text: `${name}: ` });
			return make("p", { class: "ff-error" }, title, make("span", { dir: "auto", text: sentence }));
		});
		const first = whole.map((text) => make("p", { class: "ff-error", dir: "auto", text }));
		this.errors.replaceChildren(...first, ...lines);
	}

	/** @param {Scene} scene @returns {string} what Copy takes */
	text({ ends, nodes, live }) {
		const parts = ends.map((key) => [nodes.get(key)?.name ?? key, textOf(live, key)]);
		const full = parts.filter(([, text]) => text);
		if (full.length < 2) return full[0]?.[1] ?? "";
		return full.map(([name, text]) => `## ${name}\n\n${text}`).join("\n\n");
	}
}

/** Answer: the text of one node; what is added while it streams costs only itself. */
export class Answer {
	constructor() {
		this.title = make("h4", { class: "ff-answer-title", dir: "auto", hidden: true });
		this.node = document.createTextNode("");
		this.text = make("div", { class: "ff-answer-text", dir: "auto" }, this.node);
		this.element = make("section", { class: "ff-answer" }, this.title, this.text);
	}

	/** @returns {boolean} the text is another one now */
	draw(title, text, { writing, plain }) {
		setText(this.title, title);
		setAttribute(this.title, "hidden", title ? null : "");
		setAttribute(this.text, "data-writing", writing ? "" : null);
		setAttribute(this.text, "data-json", plain ? null : "");
		const old = this.node.data;
		if (old === text) return false;
		if (text.startsWith(old)) this.node.appendData(text.slice(old.length));
		else this.node.data = text;
		return true;
	}
}

export function textOf(live, key) {
	const { run, nodes, texts } = live;
	const output = run?.outputs[key] ?? nodes[key]?.output ?? null;
	return output === null ? texts[key] ?? "" : outputText(output);
}

function isEnd(live, key) {
	return live.nodes[key]?.status === "finished";
}

const SLOW = "\nThe embedded model has only this machine's processor: a minute is normal.";

function blank(status, model) {
	if (status === "idle") return "The result appears here.";
	if (status === "running") {
		return `Waiting for the first words…${model?.startsWith("local/") ? SLOW : ""}`;
	}
	return "This run gave no result.";
}

function usage(live) {
	const counts = Object.values(live.nodes).map((node) => node.tokens);
	const known = counts.filter((count) => count !== null && count !== undefined);
	const total = known.reduce((sum, count) => sum + count, 0);
	const errors = Object.keys(live.run.errors).length;
	const parts = [
		live.run.model,
		known.length ? tokens(total) : "",
		seconds(live.run.wall_s),
		errors ? counted(errors, "error") : "",
	];
	return parts.filter(Boolean).join(" · ");
}
