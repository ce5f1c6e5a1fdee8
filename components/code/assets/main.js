/** Code: the flow's program. The lines of what is chosen are marked; a press on a line chooses. */

import { make } from "../live/dom.js";
import { mounter } from "../live/mount.js";
import { selectionOf } from "../live/selection.js";

const ABOVE = 34;

class Code {
	constructor(frame, { flow_id }) {
		this.place = flow_id;
		this.root = frame.nextElementSibling;
		this.selection = selectionOf(flow_id);
		this.root.onclick = this.root.onkeydown = (event) => this.press(event);
		this.destroy = this.selection.listen(() => this.mark(true));
	}

	/** A program that is the same stays as it stands: nothing is scrolled and no focus lost. */
	update({ data: { blocks } }) {
		const said = JSON.stringify(blocks);
		if (said === this.said) return;
		this.root.replaceChildren(...blocks.map(draw));
		this.mark(!this.said);
		this.said = said;
	}

	/** `shows`: the lines come into view, but for whoever is at the lines. */
	mark(shows) {
		const { root, selection } = this;
		for (const block of root.children) {
			if (block.nodes) block.ariaPressed = block.nodes.some((id) => selection.ids.has(id));
		}
		const first = root.querySelector("[aria-pressed=true]");
		if (shows && first && !root.matches(":hover, :focus-within")) root.scrollTop = first.offsetTop - ABOVE;
	}

	press(event) {
		const { nodes } = event.target.closest(".ff-code > *") ?? {};
		if (event.key && !/^(Enter| )$/.test(event.key)) return;
		if (!nodes || !getSelection().isCollapsed) return; // to choose words is no press
		event.preventDefault();
		this.selection.set(nodes);
	}
}

/** `nodes`: whose lines these are; `words`: what each is, and its text or words. */
function draw([nodes, hint, ...words]) {
	const own = nodes.length && { testid: `code-${nodes}`, hint, role: "button", tabindex: 0 };
	return Object.assign(make("div", own || {}, ...words.map(spell)), own && { nodes });
}

function spell(said) {
	return said.map ? make("span", { class: said[0] }, ...said.slice(1).map(spell)) : said;
}

export const mount = mounter({
	frame: "fanfold-code",
	place: ({ flow_id }) => flow_id,
	files: () => [new URL("code.css", import.meta.url).href],
	make: (frame, data) => new Code(frame, data),
});
