/** Main: reads the page's data and puts its parts together. */

import { Cards } from "./cards.js";
import { make, setAttribute, setText, sign } from "./elements.js";
import { Graph } from "./graph.js";
import { Lanes } from "./lanes.js";
import { statusAt } from "./moment.js";
import { Player } from "./player.js";
import { Reading } from "./reading.js";
import { STATUS_WORDS, seconds } from "./words.js";

const TOOLS = {
	minus: ["M4.5 10h11", "Smaller"],
	plus: ["M10 4.5v11M4.5 10h11", "Larger"],
	fit: ["M3.5 7.5v-4h4M16.5 7.5v-4h-4M3.5 12.5v4h4M16.5 12.5v4h-4", "Show everything"],
};

class Main {
	constructor(data, network) {
		this.data = data;
		this.selected = "";
		this.at = data.run?.wall ?? 0;
		const layer = (id) => document.getElementById(id);
		const layers = { cards: layer("cards"), bands: layer("bands") };
		this.cards = new Cards(layers, data, (id) => this.choose(id));
		this.reading = new Reading(data);
		this.graph = new Graph(network, data, {
			drawn: (view) => this.cards.follow(view, this.graph ?? { plain: false, size: { width: 0, height: 0 } }),
			tapped: (id) => this.choose(id),
		});
		this.graph.statusOf = (id) => (data.run ? statusAt(data.run.parts[id], this.at) : "idle");
		this.build();
		this.graph.fit();
		if (this.player) this.player.draw();
		else this.draw(0);
		document.documentElement.dataset.ready = "";
	}

	build() {
		const { data } = this;
		this.state = data.run ? new State(data.run) : null;
		document.querySelector(".head").append(...headOf(data, this.state));
		const body = document.querySelector(".body");
		document.querySelector(".canvas").append(this.tools());
		if (data.run) {
			this.lanes = new Lanes(data, (key) => this.choose(key), (part) => this.player.seek(part));
			this.player = new Player(data.run.wall, (at) => this.draw(at));
			const replay = make("section", { class: "replay", label: "Replay" });
			replay.append(this.player.element, this.lanes.sums.element, this.lanes.element);
			body.append(replay);
			body.dataset.run = "";
		}
		body.append(this.reading.element);
	}

	tools() {
		const acts = {
			minus: () => this.graph.zoom(1 / 1.25),
			plus: () => this.graph.zoom(1.25),
			fit: () => this.graph.fit(),
		};
		const buttons = Object.entries(TOOLS).map(([name, [lines, label]]) =>
			make(
				"button",
				{ class: "tool", type: "button", testid: name, label, hint: label, on: { click: acts[name] } },
				sign(lines),
			),
		);
		return make("div", { class: "tools" }, ...buttons);
	}

	/** @param {string | null} key a node, one of its items, or none */
	choose(key) {
		this.selected = key ?? "";
		this.reading.tab = key === null ? "whole" : "node";
		this.draw(this.at);
	}

	draw(at) {
		this.at = at;
		this.state?.draw(at, this.player.playing);
		const id = this.selected.split("[")[0];
		Object.assign(this.graph, { selected: id, time: performance.now() / 1000 });
		this.cards.draw(at, id);
		this.lanes?.draw(at, this.selected);
		this.reading.draw(at, this.selected);
		this.graph.redraw();
	}
}

function headOf({ name, description, run }, state) {
	const titles = make(
		"div",
		{ class: "titles" },
		make("h1", { dir: "auto", text: name }),
		run && description ? make("p", { class: "description", dir: "auto", text: description, hint: description }) : null,
	);
	const made = make("span", { text: "made with Fanfold" });
	if (!run) return [titles, make("div", { class: "when" }, made)];
	const day = { dateStyle: "medium", timeStyle: "short" };
	const when = run.at === null ? run.caveat : `recorded ${new Date(run.at * 1000).toLocaleString([], day)}`;
	return [titles, make("div", { class: "when" }, state.element, make("span", { text: when }), made)];
}

const RUN_WORDS = { finished: "finished", failed: "failed", cancelled: "stopped" };

/** How the run ended, once its end is what is seen; before, that it is being replayed. */
class State {
	constructor(run) {
		this.run = run;
		this.words = make("span");
		this.element = make("span", { class: "pill", testid: "state" }, make("span", { class: "dot" }), this.words);
	}

	draw(at, playing) {
		const { status, wall } = this.run;
		const ended = at >= wall;
		const end = `${RUN_WORDS[status] ?? STATUS_WORDS[status]} in ${seconds(wall)}`;
		setAttribute(this.element, "data-look", ended ? status : playing ? "running" : "idle");
		setText(this.words, ended ? end : playing ? "replaying" : "replay, paused");
	}
}

const data = JSON.parse(document.getElementById("fanfold-data").textContent);
new Main(data, /** @type {any} */ (window).network);
