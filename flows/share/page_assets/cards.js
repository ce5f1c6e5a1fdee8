/** Card: one node as people see it, HTML over the network; and the bands behind them. */

import { make, setAttribute, setText, sign } from "./elements.js";
import { busyAt, statusAt, triesAgain, waitsAt } from "./moment.js";
import { STATUS_WORDS, seconds, shorten, tokens } from "./words.js";

const FEW = 80;
const LARGEST_HEAD = 1.9;

export class Cards {
	/** @param {(id: string) => void} choose */
	constructor(layers, data, choose) {
		this.layers = layers;
		this.data = data;
		this.cards = new Map(data.cards.map((card) => [card.id, new Card(card, data, choose)]));
		this.bands = data.bands.map((band, place) => new Band(band, place + 1));
		layers.cards.append(...inOrder(data).map((id) => this.cards.get(id).element));
		layers.bands.append(...this.bands.map((band) => band.element));
	}

	/** Follow the network's view. */
	follow({ scale, x, y }, { plain, size }) {
		for (const layer of [this.layers.cards, this.layers.bands]) {
			layer.style.transform = `translate(${x}px, ${y}px) scale(${scale})`;
		}
		const head = Math.min(Math.max(0.86 / scale, 1), LARGEST_HEAD);
		this.layers.bands.style.setProperty("--head-scale", String(head));
		setAttribute(this.layers.cards, "hidden", plain);
		if (this.cards.size <= FEW || plain) return;
		const margin = 120;
		for (const { card, element } of this.cards.values()) {
			const left = card.x * scale + x;
			const top = card.y * scale + y;
			const seen =
				left > -margin && left < size.width + margin && top > -margin && top < size.height + margin;
			setAttribute(element, "hidden", !seen);
		}
	}

	/** Draw all as it was at this time; without a run there is none. */
	draw(at, selected) {
		const statuses = new Map();
		for (const [id, card] of this.cards) {
			statuses.set(id, card.draw(at, id === selected));
		}
		for (const band of this.bands) band.draw(statuses);
	}
}

class Card {
	constructor(card, data, choose) {
		this.card = card;
		this.run = data.run;
		this.part = data.run?.parts[card.id];
		this.given = data.run?.inputs[card.id];
		this.items = Object.keys(data.run?.parts ?? {}).filter((key) => key.startsWith(`${card.id}[`));
		this.seen = "";
		this.pill = make("span", { class: "pill" }, make("span", { class: "dot" }));
		this.word = this.pill.appendChild(make("span"));
		this.figures = make("span", { class: "figures" });
		this.preview = make("span", { class: "preview", dir: "auto" });
		this.element = this.build(data, choose);
	}

	build({ size: [width, height], signs }, choose) {
		const { id, type, name, icon, label, x, y, many } = this.card;
		const mark = icon ? document.createTextNode(icon) : sign(signs[type], { size: 20 });
		const title = make(
			"span",
			{ class: "title" },
			make("span", { class: "name", dir: "auto", text: shorten(name, 120) }),
			make("span", { class: "label", dir: "auto", text: shorten(label ?? "", 80) }),
		);
		const foot = make("span", { class: "foot" }, this.preview, this.pill, this.figures);
		const side = (name) => make("span", { class: `port port-${name}` });
		const element = make(
			"button",
			{
				class: "card",
				type: "button",
				testid: `node-${id}`,
				"data-type": type,
				"data-many": many ?? false,
				on: { click: () => choose(id) },
			},
			make("span", { class: "face" }, make("span", { class: "tile" }, mark), title, foot),
			type === "input" ? null : side("in"),
			side("out"),
		);
		element.style.transform = `translate(${x - width / 2}px, ${y - height / 2}px)`;
		return element;
	}

	draw(at, selected) {
		const { part, card } = this;
		const status = this.run ? statusAt(part, at) : "idle";
		const again = status === "running" && triesAgain(part, at);
		const tries = waitsAt(part, at).length + 1;
		const time = part && part.started !== undefined && at >= part.started ? busyAt(part, at) : null;
		const ended = part?.ended !== undefined && at >= part.ended;
		const count = this.countAt(at);
		const figures = [count, seconds(time), ended ? tokens(part.tokens) : ""].filter(Boolean);
		const seen = [status, again, tries, selected, ...figures].join("|");
		if (seen === this.seen) return status;
		this.seen = seen;
		const shows = card.type === "input" || !this.run || (status === "idle" && !part);
		setAttribute(this.element, "data-status", status);
		setAttribute(this.element, "data-selected", selected);
		setAttribute(this.pill, "hidden", shows);
		setAttribute(this.preview, "hidden", !shows);
		setText(this.preview, shows ? shorten(this.given ?? card.preview ?? "", 90) : "");
		setAttribute(this.pill, "data-look", again ? "retry" : status);
		const taken = ended && part.branches ? `→ ${part.branches}` : STATUS_WORDS[status];
		const running = status === "running" && tries > 1;
		setText(this.word, running ? `try ${tries}` : taken);
		setText(this.figures, figures.join(" · "));
		const words = [shorten(card.name, 80), card.type, this.run ? STATUS_WORDS[status] : ""];
		setAttribute(this.element, "aria-label", words.filter(Boolean).join(", "));
		return status;
	}

	/** How many of its items were done, of those that ever were. */
	countAt(at) {
		const { items, run } = this;
		if (!items.length || at < (this.part?.started ?? Infinity)) return "";
		const done = items.filter((key) => at >= (run.parts[key].ended ?? Infinity)).length;
		return `${done}/${items.length}`;
	}
}

class Band {
	constructor(band, number) {
		this.nodes = band.nodes;
		this.live = make("span", { class: "band-live", hidden: true });
		const name = make("span", { class: "band-name", text: band.head });
		const head = make("div", { class: "band-head", testid: `stage-${number}` }, name, this.live);
		this.element = make("div", { class: "band" }, head);
		this.element.style.transform = `translate(${band.left}px, ${band.top}px)`;
		this.element.style.width = `${band.width}px`;
		this.element.style.height = `${band.height}px`;
	}

	draw(statuses) {
		const running = this.nodes.filter((id) => statuses.get(id) === "running").length;
		setText(this.live, running ? `${running} running` : "");
		setAttribute(this.live, "hidden", !running);
		setAttribute(this.element, "data-running", running > 0);
	}
}

/** Tab walks inputs first, then stage by stage, then what is on no stage. */
function inOrder({ cards, bands }) {
	const inputs = cards.filter((card) => card.type === "input").map((card) => card.id);
	return [...new Set([...inputs, ...bands.flatMap((band) => band.nodes), ...cards.map(({ id }) => id)])];
}
