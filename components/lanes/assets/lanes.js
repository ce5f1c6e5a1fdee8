/** Lanes: the time of a run on the left, what came of it on the right. */

import { afterFrame, onBeat, setAttribute, setText } from "../live/dom.js";
import { shorten } from "../live/format.js";
import { icon } from "../live/icons.js";
import { liveOf } from "../live/live.js";
import { selectionOf } from "../live/selection.js";
import { readTheme } from "../live/theme.js";
import { giveTips } from "../live/tip.js";
import { Chart } from "./chart.js";
import { Detail } from "./detail.js";
import { Messages } from "./messages.js";
import { partsOf } from "./parts.js";
import { Player } from "./player.js";
import { Presenter } from "./presenter.js";
import { Result } from "./result.js";
import { recallRoom } from "./room.js";
import { drawEarlier, drawSums } from "./sums.js";

export class Lanes {
	constructor(frame, data) {
		this.data = data;
		this.place = placeOf(data);
		this.live = liveOf(data);
		this.selection = selectionOf(data.flow_id);
		this.parts = partsOf("lanes");
		this.root = this.parts.root;
		this.chart = new Chart(this.parts, (key) => this.choose(key));
		this.panes = { result: new Result(), detail: new Detail() };
		this.messages = new Messages();
		this.player = new Player(this.parts, this.live);
		this.tab = "result";
		this.raw = false;
		this.frame = 0;
		this.fit = afterFrame(() => this.tellWhole());
		this.build();
		giveTips(this.root);
		frame.replaceChildren(this.root);
		if (!data.presented) recallRoom();
		const size = new ResizeObserver(() => {
			this.chart.measure();
			this.fit();
			this.draw();
		});
		size.observe(this.root);
		size.observe(this.parts.scroll); // less of it is in sight when more is said above
		const heed = afterFrame(() => this.heed()); // the card is marked first
		const click = ({ target }) => target.closest("[data-testid^=node-]") && heed();
		document.addEventListener("click", click);
		this.endings = [
			() => size.disconnect(),
			() => this.player.end(),
			() => document.removeEventListener("click", click),
			this.live.listen((onlyTexts) => this.heard(onlyTexts)),
			this.selection.listen(heed),
		];
		this.root.toggleAttribute("data-presented", data.presented);
		if (data.presented) this.present();
	}

	build() {
		const { result, detail, raw, copy, compare } = this.parts;
		this.root.lastElementChild.append(this.panes.result.root, this.panes.detail.root);
		copy.append(icon("copy", 16));
		copy.onclick = () => this.take();
		raw.onclick = () => this.show({ raw: !this.raw });
		compare.onclick = () => this.live.again("measure");
		result.onclick = () => this.show({ tab: "result" });
		detail.onclick = () => this.show({ tab: "detail" });
	}

	update({ data }) {
		this.data = data;
		this.live.connect(data);
		this.nodes = new Map(data.nodes.map((node) => [node.id, node]));
		readTheme(this.root, true);
		this.draw();
		const { live } = this;
		if (data.play && data.play !== live.played) this.player.open(data.follow);
		live.played = data.play;
	}

	heard(onlyTexts) {
		if (this.live.armed) this.tab = "result";
		if (!this.frame || !this.live.goes) return this.draw(onlyTexts);
		this.texts = onlyTexts && this.texts !== false; // with the next tick: the cards come first
	}

	present() {
		const { live, player, data } = this;
		const open = async (run) => {
			await player.open(run);
			live.replay?.pause();
		};
		const turn = () => {
			const turned = this.root.toggleAttribute("data-timing");
			this.chart.measure();
			this.draw();
			return turned;
		};
		const text = this.panes.result.root;
		this.presenter = new Presenter(this.parts, live, { data, open, text, turn });
		this.endings.push(() => this.presenter.end());
	}

	/** What became of a node in the run is what a click on its card asks. */
	heed() {
		const told = this.live.nodes[this.chosen()];
		if (told && told.status !== "idle") this.tab = "detail";
		this.draw();
		this.chart.show(this.chosen());
	}

	draw(onlyTexts = false) {
		const { data, live, nodes, panes, parts } = this;
		if (!nodes) return;
		this.texts = null;
		setAttribute(this.root, "data-dark", readTheme(this.root).dark);
		if (!onlyTexts) this.chart.draw(this.story());
		drawSums(parts.sums, live, data);
		drawEarlier(parts, live, data.flow_id);
		this.player.draw(data);
		this.tell();
		this.presenter?.heard();
		panes.result.draw(this.story());
		const chosen = this.chosen();
		setText(parts.detail, chosen ? shorten(this.chart.nameOf(chosen), 24) : "Node");
		panes.detail.draw(chosen, this.story(), this.recordsOf(chosen));
		for (const [name, { root }] of Object.entries(panes)) {
			setAttribute(parts[name], "aria-selected", name === this.tab);
			root.hidden = name !== this.tab;
		}
		setAttribute(parts.raw, "aria-pressed", this.raw);
		parts.copy.disabled = !this.taken();
		this.next();
	}

	/** The line under the sums is there where it says something. */
	tell() {
		const { telling } = this.parts;
		const silent = !this.parts.why.textContent && !this.live.replay;
		const said = telling.textContent;
		if (telling.hidden !== silent) this.chart.count();
		telling.hidden = silent;
		if (said !== this.said) this.fit();
		this.said = said;
	}

	/** In a low frame it has one line: what is cut off is told as a tip. */
	tellWhole() {
		for (const each of this.parts.telling.children) {
			const cut = each.scrollWidth > each.clientWidth;
			setAttribute(each, "data-tip", cut ? each.textContent : null);
			setAttribute(each, "tabindex", cut ? 0 : null);
		}
	}

	/** While a run goes on its bars grow, as often as eyes ask for: news shall not wait for them. */
	next() {
		const { run, replay } = this.live;
		if (this.frame || run?.status !== "running" || replay?.playing === false) return;
		this.frame = onBeat(2, () => {
			this.frame = 0;
			if (this.texts === false) return this.draw();
			if (this.texts) this.draw(true);
			this.chart.grow(this.story());
			if (this.tab === "detail") this.panes.detail.grow(this.chosen(), this.story());
			drawSums(this.parts.sums, this.live, this.data);
			if (this.root.isConnected) this.next();
		});
	}

	story() {
		const { data, live, nodes, presenter, raw, selection } = this;
		const { stages, ends, limits, as_completed: asCompleted } = data;
		const step = presenter?.shown;
		return { stages, ends, limits, asCompleted, nodes, live, raw, step, selected: selection.ids, presented: data.presented };
	}

	/** The one node that is selected, or the item of it. */
	chosen() {
		const [id, ...more] = [...this.selection.ids].filter((each) => this.nodes?.has(each));
		if (id === undefined || more.length || this.data.presented) return null;
		return this.item?.startsWith(`${id}[`) ? this.item : id;
	}

	/** Read only while its tab is open. */
	recordsOf(key) {
		const { live, data } = this;
		if (this.tab !== "detail" || !live.run || !live.nodes[key]) return undefined;
		const given = this.messages.of(key, live.run, data.addresses, () => this.draw());
		if (!given || !live.replay) return given;
		const { at } = live.replay;
		return { ...given, lines: given.lines.filter((_, place) => given.times[place] <= at) };
	}

	choose(key) {
		this.item = key.includes("[") ? key : null;
		this.selection.set([key.split("[")[0]]);
		this.show({ tab: "detail" });
	}

	show(how) {
		Object.assign(this, how);
		this.draw();
	}

	taken() {
		const { result, detail } = this.panes;
		return this.tab === "result" ? result.text(this.story()) : detail.text(this.live, this.chosen());
	}

	async take() {
		const { copy } = this.parts;
		try {
			await navigator.clipboard.writeText(this.taken());
		} catch {
			// An address without https may not: what is seen is copied instead.
			window.getSelection().selectAllChildren(this.panes[this.tab].root);
			document.execCommand("copy");
		}
		copy.replaceChildren(icon("done", 16));
		window.setTimeout(() => copy.replaceChildren(icon("copy", 16)), 1400);
	}

	destroy() {
		clearTimeout(this.frame);
		for (const end of this.endings) end();
		this.root.remove();
	}
}

export function placeOf(data) {
	return `${data.flow_id} ${data.follow ?? ""}`;
}
