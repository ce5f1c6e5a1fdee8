/** Answer: a text under its title, as rendered Markdown, as JSON, or raw. */

import { setText } from "../live/dom.js";
import { outputText } from "../live/format.js";
import { blocksOf } from "./markdown.js";
import { partsOf } from "./parts.js";

const LONG = 4000; // paragraphs do not grow for ever

export class Answer {
	constructor() {
		Object.assign(this, partsOf("answer"));
		this.forget();
	}

	forget() {
		this.whole = "";
		this.tail = [];
		this.text.replaceChildren();
	}

	/** Say whether it shows something else now. */
	draw(title, text, { writing, raw }) {
		setText(this.title, title);
		this.title.hidden = !title;
		this.text.toggleAttribute("data-writing", writing);
		const key = `${writing} ${raw} ${text}`;
		if (key === this.key) return false;
		this.key = key;
		const code = raw ? text : writing ? "" : jsonOf(text);
		this.text.toggleAttribute("data-code", code);
		if (code) {
			this.forget();
			this.text.textContent = code;
		} else this.write(text);
		return true;
	}

	/** While a text grows, only what follows its last whole paragraphs is made anew. */
	write(text) {
		if (!this.whole || !text.startsWith(this.whole)) this.forget();
		for (const block of this.tail) block.remove();
		const more = text.slice(this.whole.length);
		const line = more.length > LONG ? more.lastIndexOf("\n") - 1 : -1;
		const whole = more.slice(0, Math.max(more.lastIndexOf("\n\n"), line) + 2);
		if (whole.length > 1 && whole.split(/^\s*```/m).length % 2) {
			this.text.append(...blocksOf(whole));
			this.whole += whole;
		}
		this.tail = blocksOf(text.slice(this.whole.length));
		this.text.append(...this.tail);
	}
}

export function textOf(live, key) {
	const { run, nodes, texts } = live;
	const output = run?.outputs[key] ?? nodes[key]?.output ?? null;
	return output === null ? texts[key] ?? "" : outputText(output);
}

function jsonOf(text) {
	const bare = text.trim().replace(/^```\w*\n|\n```$/g, "");
	try {
		return /^[[{]/.test(bare) ? JSON.stringify(JSON.parse(bare), null, 2) : "";
	} catch {
		return "";
	}
}
