/** Lanes: the time of a run on the left, what came of it on the right. */

import { make, setAttribute, setText } from "../live/dom.js";
import { shorten } from "../live/format.js";
import { icon } from "../live/icons.js";
import { liveOf } from "../live/live.js";
import { selectionOf } from "../live/selection.js";
import { readTheme } from "../live/theme.js";
import { Chart } from "./chart.js";
import { Detail } from "./detail.js";
import { Messages } from "./messages.js";
import { Result, textOf } from "./result.js";
import { Sums } from "./sums.js";

const COPIED_MS = 1400;

export class Lanes {
	constructor(frame, data) {
		this.data = data;
		this.place = placeOf(data);
		this.live = liveOf(data);
		this.selection = selectionOf(data.flow_id);
		this.sums = new Sums();
		this.chart = new Chart((key) => this.choose(key));
		this.result = new Result();
		this.detail = new Detail();
		this.messages = new Messages();
		this.tab = "result";
		this.frame = 0;
		this.root = this.build();
		frame.replaceChildren(this.root);
		const size = new ResizeObserver(() => {
			this.chart.measure();
			this.draw();
		});
		size.observe(this.root);
		this.endings = [
			() => size.disconnect(),
			this.live.listen((onlyTexts) => this.heard(onlyTexts)),
			this.selection.listen(() => this.draw()),
		];
	}

	build() {
		this.tabs = {
			result: this.buildTab("result", "Result"),
			detail: this.buildTab("detail", "Node"),
		};
		const copy = { class: "ff-copy", type: "button", testid: "copy", hint: "Copy", label: "Copy" };
		this.copy = make("button", { ...copy, on: { click: () => this.take() } }, icon("copy", 16));
		const { tabs, sums, chart, result, detail } = this;
		const bar = make("div", { class: "ff-tabs", role: "tablist" }, tabs.result, tabs.detail);
		const head = make("div", { class: "ff-result-head" }, bar, this.copy);
		const left = make("div", { class: "ff-lanes-left" }, sums.element, chart.element);
		const right = make("div", { class: "ff-lanes-right" }, head, result.element, detail.element);
		return make("div", { class: "ff-lanes" }, left, right);
	}

	buildTab(name, word) {
		return make("button", {
			class: "ff-tab",
			type: "button",
			role: "tab",
			testid: `tab-${name}`,
			text: word,
			on: { click: () => this.show(name) },
		});
	}

	/** @param {any} component Streamlit's, with fresh data */
	update({ data }) {
		this.data = data;
		this.live.connect(data);
		this.nodes = new Map(data.nodes.map((node) => [node.id, node]));
		readTheme(this.root, true);
		this.draw();
	}

	heard(onlyTexts) {
		if (this.live.armed) this.tab = "result";
		this.draw(onlyTexts);
	}

	/** @param {boolean} [onlyTexts] nothing is new but what models write */
	draw(onlyTexts = false) {
		const { data, live, nodes } = this;
		if (!nodes) return;
		setAttribute(this.root, "data-dark", String(readTheme(this.root).dark));
		if (!onlyTexts) this.chart.draw(this.story());
		this.sums.draw(live, data.shared_processor);
		this.result.draw(this.scene());
		const chosen = this.chosen();
		const [id, item] = (chosen ?? "").split("[");
		const number = item ? ` · ${parseInt(item, 10) + 1}` : "";
		setText(this.tabs.detail, id ? shorten(nodes.get(id).name, 24) + number : "Node");
		this.detail.draw(chosen, live, this.messageOf(chosen));
		for (const [name, tab] of Object.entries(this.tabs)) {
			setAttribute(tab, "aria-selected", String(name === this.tab));
		}
		this.result.element.hidden = this.tab !== "result";
		this.detail.element.hidden = this.tab !== "detail";
		this.copy.disabled = !this.taken();
		this.next();
	}

	/** While a run goes on its bars grow with every frame. */
	next() {
		if (this.frame || this.live.run?.status !== "running") return;
		this.frame = requestAnimationFrame(() => {
			this.frame = 0;
			const { data, live } = this;
			this.chart.grow(this.story());
			this.sums.draw(live, data.shared_processor);
			if (this.root.isConnected) this.next();
		});
	}

	story() {
		const { data, live, nodes } = this;
		return { stages: data.stages, nodes, live, selected: this.selection.ids };
	}

	scene() {
		return { ends: this.data.ends, nodes: this.nodes, live: this.live };
	}

	/** @returns {string | null} the one node that is selected, or the item of it */
	chosen() {
		const [id, ...more] = [...this.selection.ids].filter((each) => this.nodes.has(each));
		if (id === undefined || more.length) return null;
		return this.item?.startsWith(`${id}[`) ? this.item : id;
	}

	/** What the chosen node was given; read only while its tab is open. */
	messageOf(key) {
		const { live, data } = this;
		if (this.tab !== "detail" || !live.run || !live.nodes[key]?.attempts) return "";
		const { runs, token } = data.addresses;
		return this.messages.of(key, { run: live.run.id, address: runs, token }, () => this.draw());
	}

	choose(key) {
		this.tab = "detail";
		this.item = key.includes("[") ? key : null;
		this.selection.set([key.split("[")[0]]);
		this.draw();
	}

	show(tab) {
		this.tab = tab;
		this.draw();
	}

	taken() {
		const chosen = this.chosen();
		if (this.tab === "result") return this.result.text(this.scene());
		return chosen === null ? "" : textOf(this.live, chosen);
	}

	async take() {
		await copyText(this.taken());
		this.copy.replaceChildren(icon("done", 16));
		window.setTimeout(() => this.copy.replaceChildren(icon("copy", 16)), COPIED_MS);
	}

	destroy() {
		cancelAnimationFrame(this.frame);
		for (const end of this.endings) end();
		this.root.remove();
	}
}

/** @returns {string} which runs these lanes are about */
export function placeOf(data) {
	return `${data.flow_id} ${data.follow ?? ""}`;
}

/** Copy a text, also where the clipboard may not be written (an address without https). */
async function copyText(text) {
	try {
		await navigator.clipboard.writeText(text);
	} catch {
		const area = make("textarea", { style: "position: fixed; opacity: 0" });
		area.value = text;
		document.body.append(area);
		area.select();
		document.execCommand("copy");
		area.remove();
	}
}
