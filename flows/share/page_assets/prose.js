/** Prose: what a model wrote in Markdown, as elements. Everything goes in as text, HTML too. */

import { make } from "./elements.js";

const INLINE = /(`[^`\n]+`|\*\*[^*\n]+\*\*|(?<!\*)\*[^\s*][^*\n]*\*)/;
const CLOSED = new RegExp(INLINE.source, "g");
const BEGUN = /(\*\*|\*|`)([^*`]*)(\*?)$/;
const BARE = /^\s*(?:[-#>+*|]+|`{1,2})$/;
const FENCE = /^\s*```/;

/** Each kind of line, tried in this order: what it looks like, and where its words go. */
const LINES = [
	{ look: /^#{1,6} +(.*)/, tag: "h4", alone: true },
	{ look: /^\s*(?:[-*_] ?){3,}$()/, tag: "hr", alone: true },
	{ look: /^\s*[-*+] +(.*)/, tag: "ul", item: "li" },
	{ look: /^\s*\d{1,9}[.)] +(.*)/, tag: "ol", item: "li" },
	{ look: /^> ?(.*)/, tag: "blockquote" },
	{ look: /^\s*\|(.*)$/, tag: "table", item: "tr" },
	{ look: /^\s*$()/, tag: "", alone: true },
	{ look: /^(.*)$/, tag: "p" },
];
const RULE = /^[\s|:-]+$/;
const NUMBER = /^\s*(\d{1,9})/;

/**
 * `writing`: its end is still to come.
 * @returns {HTMLElement[]} headings, lists, quotes, tables, code and paragraphs
 */
export function proseOf(text, { writing = false } = {}) {
	/** @type {HTMLElement[]} */
	const blocks = [];
	let open = null;
	let code = null;
	const lines = text.split("\n");
	const fences = lines.filter((line) => FENCE.test(line)).length;
	if (writing && fences % 2 === 0) lines.push(finished(lines.pop()));
	for (const line of lines) {
		if (FENCE.test(line)) {
			code = code ? null : make("pre");
			open = null;
			if (code) blocks.push(code);
		} else if (code) code.append(`${line}\n`);
		else open = addLine(blocks, open, line);
	}
	return blocks;
}

/** End what a line begins and has not ended yet: nobody is to see its signs as letters. */
function finished(line) {
	if (FENCE.test(line)) return line;
	if (BARE.test(line)) return "";
	const begun = BEGUN.exec(line.replace(CLOSED, (piece) => "_".repeat(piece.length)));
	if (!begun) return line;
	const [whole, mark, words, half] = begun;
	if (!words) return line.slice(0, -whole.length);
	if (mark !== "`" && /^\s/.test(words)) return line;
	return `${line.slice(0, line.length - half.length)}${mark}`;
}

/** Add a line to the open block, or to a new one; return the block that is open then. */
function addLine(blocks, open, line) {
	const kind = LINES.find(({ look }) => look.test(line));
	const words = kind.look.exec(line)[1];
	if (kind.tag === "p" && open?.matches("ul, ol") && /^\s/.test(line)) {
		open.lastChild.append(" ", ...inline(words.trim()));
		return open;
	}
	if (kind.tag === "") return open?.matches("ul, ol") ? open : null;
	if (kind.tag === "table" && RULE.test(words)) return open;
	const block = open?.localName === kind.tag ? open : make(kind.tag);
	if (block !== open) blocks.push(block);
	if (kind.item === "tr") block.append(make("tr", {}, ...cellsOf(words)));
	else if (kind.item) block.append(make("li", { value: NUMBER.exec(line)?.[1] }, ...inline(words)));
	else block.append(...(block.hasChildNodes() ? ["\n"] : []), ...inline(words));
	return kind.alone ? null : block;
}

function cellsOf(words) {
	const row = words.trimEnd();
	const cells = (row.endsWith("|") ? row.slice(0, -1) : row).split("|");
	return cells.map((cell) => make("td", {}, ...inline(cell.trim())));
}

/** Code, bold and slanted words; odd parts of the split are those with signs around them. */
function inline(text) {
	return text.split(INLINE).map((part, place) => {
		if (place % 2 === 0) return document.createTextNode(part);
		if (part.startsWith("`")) return make("code", { text: part.slice(1, -1) });
		if (part.startsWith("**")) return make("b", { text: part.slice(2, -2) });
		return make("i", { text: part.slice(1, -1) });
	});
}
