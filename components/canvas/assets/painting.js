/** Painting: bringing the screen to what is so, and the layers to where the board is. */

import { make, onBeat, setAttribute, setText } from "../live/dom.js";
import { shorten } from "../live/format.js";
import { STATUS_COLOURS, readTheme } from "../live/theme.js";
import { edgeId } from "./draft.js";
import { drawPlainCards } from "./plain.js";
import { problemsByNode } from "./problems.js";
import { progressOf } from "./progress.js";

const GRID = 24;

export class Painting {
	constructor(canvas) {
		this.canvas = canvas;
		this.theme = null;
		this.liveEdges = new Set();
		this.painter = {
			colours: {},
			isLive: (id) => this.liveEdges.has(id),
			isHot: (id) => canvas.board?.hot === id,
			isBad: (id) => canvas.loop.has(id.split(" ", 2).join(" ")),
			kindOf: (id) => id.split(" ")[2],
			branchesOf: (id) => this.branches.get(id) ?? [],
		};
		this.problems = new Map();
		this.progress = () => ({ status: "idle" });
		this.statusOf = (id) => this.progress(id).status;
		/** What was reused is calm. */
		this.lookOf = (id) => (this.progress(id).reused ? "skipped" : this.statusOf(id));
		this.steps = new Set();
		this.timer = 0;
		this.edges = "";
		/** What stands on a link; of several between the same two cards the last has all their words. */
		this.branches = new Map();
		this.map = 0;
		this.readColours();
	}

	readColours(fresh) {
		const { root } = this.canvas.parts;
		const theme = readTheme(root, fresh);
		if (theme === this.theme) return;
		this.theme = theme;
		setAttribute(root, "data-dark", theme.dark);
		Object.assign(this.painter.colours, {
			line: mix(theme.text, theme.background, theme.dark ? 0.42 : 0.34),
			hover: mix(theme.accent, theme.background, 0.75),
			selected: theme.accent,
			live: theme.blue,
			bad: theme.red,
			ground: theme.background,
			word: mix(theme.text, theme.background, 0.75),
		});
	}

	refresh() {
		const { canvas } = this;
		this.readColours(true);
		const { draft, data } = canvas;
		canvas.parts.root.dataset.rev = canvas.rev;
		this.steps = new Set(data.stages.flat());
		this.problems = problemsByNode(data.problems);
		canvas.board.show(draft);
		canvas.notes.show(draft.notes, canvas.editable);
		canvas.cards.keep(inOrder(draft, data.stages));
		this.showEdges();
		const { editable, parts } = canvas;
		for (const part of [parts.palette, parts.head, parts.edit]) part.hidden = !editable;
		for (const each of parts.palette.children) {
			each.hidden = !data.palette.includes(each.dataset.type);
		}
		canvas.problems.show(editable ? data.problems : []);
		canvas.head.fields.show(data.run.inputs);
		parts.hint.hidden = !editable || draft.nodes.length > 1;
		this.paint();
	}

	showEdges() {
		const { edges } = this.canvas.draft;
		const key = edges.map(edgeId).join("\n");
		if (key === this.edges) return;
		this.edges = key;
		this.branches = branchesOf(edges);
		this.canvas.parts.edges.replaceChildren(
			...edges.map((edge) =>
				make("span", {
					testid: `edge-${edge.source}-${edge.target}`,
					"data-kind": edge.kind ?? "data",
					"data-branch": edge.branch,
				}),
			),
		);
	}

	paint() {
		const { canvas } = this;
		const { draft, data, live } = canvas;
		this.readColours();
		canvas.viewport.tell(live.told);
		this.progress = progressOf(live, { steps: this.steps, changed: this.changed() });
		const statuses = new Map(draft.nodes.map(({ id }) => [id, this.statusOf(id)]));
		canvas.cards.follow();
		canvas.cards.draw(draft.nodes, this.state());
		const hint = canvas.editable ? ". Click to set how it runs." : "";
		canvas.bands.show(data.stages, data.stage_heads, statuses, hint, live.told);
		this.showFlowing(statuses);
		this.showHead();
		const { undo, redo } = canvas.parts;
		undo.disabled = !canvas.canUndo;
		redo.disabled = !canvas.canRedo;
		this.paintChosen();
		this.drawMap();
		this.tick();
	}

	/** Presented, nothing looks chosen. */
	get chosen() {
		const { data, selection } = this.canvas;
		return data.presented ? new Set() : selection.ids;
	}

	/** Show what is selected; nothing else is looked at, as a click has to be seen at once. */
	paintChosen() {
		const { bands, board, cards, draft, parts, selection, wires } = this.canvas;
		cards.draw(draft.nodes, this.state(), cards.outdated(this.chosen));
		bands.choose(selection.ids);
		parts.remove.disabled = !wires.size && !draft.nodes.some(({ id }) => selection.ids.has(id));
		if (cards.plain) board.redraw();
	}

	showHead() {
		const { head, data, live, running } = this.canvas;
		head.show(data.run, live, { steps: this.steps, stopping: running.isStopping });
	}

	state() {
		const { data, live, head } = this.canvas;
		return {
			presented: data.presented,
			progress: this.progress,
			selected: this.chosen,
			problems: this.problems,
			typed: head.fields.all(),
			now: live.now(),
		};
	}

	changed() {
		const { data, live } = this.canvas;
		return new Set(data.past?.id === live.run?.id ? data.past?.changed : []);
	}

	/** Dots run along the links into what runs now; the branches that were taken stay lit. */
	showFlowing(statuses) {
		const { draft, dots, board, live } = this.canvas;
		const edges = live.busy
			? draft.edges.filter((edge) => statuses.get(edge.target) === "running").map(edgeId)
			: [];
		const taken = ({ source, branch }) => this.progress(source).told?.branches?.includes(branch);
		const lit = [...edges, ...draft.edges.filter(taken).map(edgeId)];
		if (lit.join() !== [...this.liveEdges].join()) {
			this.liveEdges = new Set(lit);
			board.redraw();
		}
		const going = draft.nodes.map(({ id }) => id).filter((id) => statuses.get(id) === "running");
		dots.show(edges, live.busy ? going : [], this.theme[STATUS_COLOURS.running]);
	}

	tick() {
		const { live } = this.canvas;
		if (this.timer || live.run?.status !== "running") return;
		this.timer = onBeat(3, () => {
			this.timer = 0;
			const { draft, cards } = this.canvas;
			const going = draft.nodes.filter(({ id }) => this.statusOf(id) === "running");
			cards.draw(going, this.state());
			this.showHead();
			this.tick();
		});
	}

	follow(context) {
		const { cards, bands, board, parts, draft, dots, notes } = this.canvas;
		if (!cards) return;
		const fresh = cards.follow();
		if (fresh.length) cards.draw(draft.nodes, this.state(), fresh.map((card) => card.id));
		bands.follow();
		notes.follow();
		this.followLink();
		const { scale, x, y } = board.view;
		const cell = GRID * scale * (scale < 0.5 ? 2 : 1) * (scale < 0.25 ? 2 : 1);
		parts.grid.style.cssText = `background-size: ${cell}px ${cell}px; background-position: ${x}px ${y}px`;
		setText(parts.level, `${Math.round(scale * 100)} %`);
		if (cards.plain) this.drawPlain(context);
		if (dots.moves && !dots.frame) dots.next();
		this.drawMap();
	}

	/** The button that takes the one chosen link away stands by it. */
	followLink() {
		const { board, editable, parts, wires } = this.canvas;
		const [id] = wires;
		const link = editable && wires.size === 1 && board.body.edges[id];
		parts.cut.hidden = !link;
		if (!link) return;
		const { scale, x, y } = board.view;
		const at = link.edgeType.getPoint(0.5);
		parts.cut.style.translate = `${at.x * scale + x}px ${at.y * scale + y}px`;
	}

	drawPlain(context) {
		const { board, draft, selection, viewport } = this.canvas;
		drawPlainCards(context, {
			nodes: draft.nodes,
			at: (id) => board.at(id),
			sight: viewport.sight(),
			scale: board.view.scale,
			statusOf: this.lookOf,
			selected: selection.ids,
			theme: this.theme,
		});
	}

	drawMap() {
		if (this.map) return;
		this.map = requestAnimationFrame(() => {
			this.map = 0;
			this.canvas.minimap.draw({
				ids: this.canvas.draft.nodes.map((node) => node.id),
				statusOf: this.lookOf,
				theme: this.theme,
			});
		});
	}

	stop() {
		clearTimeout(this.timer);
		cancelAnimationFrame(this.map);
	}
}

/** Tab walks inputs first, then stage by stage, then what is on no stage. */
function inOrder(draft, stages) {
	const known = new Set(draft.nodes.map((node) => node.id));
	const inputs = draft.nodes.filter((node) => node.type === "input").map((node) => node.id);
	const staged = stages.flat().filter((id) => known.has(id));
	return [...new Set([...inputs, ...staged, ...known])];
}

function mix(one, other, part) {
	return `color-mix(in srgb, ${one} ${Math.round(part * 100)}%, ${other})`;
}

function branchesOf(edges) {
	const routed = edges.filter(({ branch }) => branch);
	const words = new Map();
	for (const edge of routed) {
		const twins = routed.filter(({ source, target }) => source === edge.source && target === edge.target);
		if (twins.at(-1) === edge) words.set(edgeId(edge), twins.map(({ branch }) => shorten(branch, 18)));
	}
	return words;
}
