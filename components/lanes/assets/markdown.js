/** Markdown: what a model wrote, as elements. All goes in as text: HTML stays letters. */

import { make } from "../live/dom.js";

const LINE = /^(\s*)((?:[-*_] ?){3,}$|#{1,6} |[-*+] |\d{1,9}[.)] |> ?|```|\||)(.*)/;
const PIECE = /(`[^`]+`|\*\*.{1,400}?\*\*|\*[^\s*].{0,400}?\*|\b_.{1,400}?_\b)/;

/** Make headings, lists, quotes, tables, code and paragraphs. */
export function blocksOf(text) {
	const blocks = [];
	let block = null; // the next line may go on with it
	const open = (tag, more) => {
		if (block?.localName !== tag) blocks.push((block = make(tag, more)));
		return block;
	};
	let code = false;
	for (const line of text.split("\n")) {
		const [, indent, mark, rest] = LINE.exec(line);
		if (mark === "```") {
			code = !code;
			block = null;
			if (code) open("pre");
		} else if (code) block.append(`${line}\n`);
		else if (mark === "|") {
			const cells = rest.replace(/\|\s*$/, "").split("|");
			const row = cells.map((cell) => make("td", {}, ...inline(cell.trim())));
			if (!/^[\s|:-]+$/.test(rest)) open("table").append(make("tr", {}, ...row));
		} else if (mark[0] === "#") {
			block = null;
			open("h5", { "data-level": mark.length - 1 }).append(...inline(rest));
			block = null;
		} else if (mark[0] === ">") open("blockquote").append(...inline(rest), "\n");
		else if (/^(\d|. $)/.test(mark)) {
			const value = parseInt(mark, 10);
			const style = indent && `margin-left: ${indent.length * 7}px`;
			const item = make("li", { value: value >= 0 && value, style: style || null });
			item.append(...inline(rest));
			open(value >= 0 ? "ol" : "ul").append(item);
		} else if (mark) {
			open("hr");
			block = null;
		} else if (rest === "") {
			if (!block?.matches("ol, ul")) block = null;
		} else if (indent && block?.matches("ol, ul")) {
			block.lastChild.append("\n", ...inline(rest));
		} else if (block?.localName === "p") block.append("\n", ...inline(line));
		else open("p").append(...inline(line));
	}
	return blocks;
}

function inline(text) {
	return text.split(PIECE).map((part, place) => {
		if (place % 2 === 0) return part;
		if (part[0] === "`") return make("code", { text: part.slice(1, -1) });
		const bold = /^(\*\*|__)/.test(part);
		return make(bold ? "b" : "i", {}, ...inline(bold ? part.slice(2, -2) : part.slice(1, -1)));
	});
}
