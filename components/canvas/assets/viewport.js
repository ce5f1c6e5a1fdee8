/** Viewport: what part of the flow is seen. Kept for the tab over reruns, remounts and reloads. */

import { keep, recall } from "../live/keep.js";
import { FEW_CARDS, PLAIN_BELOW, around, cardRect, clamp, inside, overlap } from "./geometry.js";

const PADDING = { left: 40, top: 98, right: 40, bottom: 32 };
/** What lies at the edge, or under the tools, is not seen well. */
const EDGE = { left: 16, top: 64, right: 16, bottom: 16 };
const LARGEST_FIT = 1;
const LARGEST_TOLD = 1.1;
/** For a room: no tools to leave space for, and large. */
const PRESENTED = { padding: { left: 42, top: 46, right: 42, bottom: 20 }, largest: 2 };
/** Below this zoom a presented card is hard to read from afar. */
const READABLE = 0.7;
const REST_MS = 150;
const SMALLEST_FIT = 0.12;
/** So small a flow is drawn whole that is too high: names are short, and all of a stage is seen. */
const SMALLEST_HIGH = 0.3;

export class Viewport {
	constructor({ flow_id, presented }, board) {
		this.place = `fanfold view ${flow_id}${presented ? " presented" : ""}`;
		Object.assign(this, { presented }, presented ? PRESENTED : { padding: PADDING, largest: LARGEST_FIT });
		this.board = board;
		/** The person has not moved the view: it keeps showing everything. */
		this.free = true;
		this.last = null;
	}

	restore() {
		const kept = recall(this.place);
		if (!Number.isFinite(kept?.scale + kept?.centre?.x + kept?.centre?.y)) return this.open();
		this.free = false;
		this.last = kept;
		this.show(kept);
	}

	show({ scale, centre }) {
		const { width, height } = this.board.size;
		this.board.look({ scale, x: width / 2 - centre.x * scale, y: height / 2 - centre.y * scale });
	}

	/** Show everything, or as much from its start as can be read. Of many cards all: as a map. */
	open() {
		this.fit(!this.presented && this.board.nodeSet.length <= FEW_CARDS);
	}

	/**
	 * Show everything, and go on doing so when the room for it changes. Presented, where all is too
	 * small: what is told now, in the middle of what is next to it.
	 */
	fit(readable = false) {
		this.free = true;
		this.readable = readable;
		keep(this.place, null);
		const { board, largest, padding, told } = this;
		const ids = board.nodeSet.getIds();
		const rectsOf = (some) => Object.values(board.positions(some)).map((at) => cardRect(at));
		const whole = around(rectsOf(ids).concat(ids.length ? (this.notes?.rects ?? []) : []));
		if (!whole) return;
		const { width, height } = board.size;
		const room = {
			width: Math.max(width - padding.left - padding.right, 40),
			height: Math.max(height - padding.top - padding.bottom, 40),
		};
		const viewOf = (part, most) => {
			const { left, top, right, bottom } = part;
			const [wide, high] = readable ? [PLAIN_BELOW, SMALLEST_HIGH] : [0, 0];
			const across = Math.max(room.width / (right - left), wide);
			const down = Math.max(room.height / (bottom - top), high);
			const scale = clamp(Math.min(across, down), SMALLEST_FIT, most);
			// There is no emptiness beyond one end while there is more at the other.
			const start = (from, to, size) => {
				const middle = (rect) => (rect[from] + rect[to]) / 2;
				const more = Math.max((whole[to] - whole[from] - size / scale) / 2, 0);
				const seen = clamp(part === whole ? -Infinity : middle(part), middle(whole) - more, middle(whole) + more);
				return padding[from] + size / 2 - seen * scale;
			};
			// A lonely card stands left: what comes next goes to its right.
			const used = ids.length === 1 ? (right - left) * scale : room.width;
			return { scale, x: start("left", "right", used), y: start("top", "bottom", room.height) };
		};
		const all = viewOf(whole, largest);
		// Nothing is cut off at its edge: from large to small, the first view with whole cards alone.
		const near = () => {
			const part = around(rectsOf(told)) ?? whole;
			const cards = ids.map((id) => cardRect(board.at(id), 20));
			const first = viewOf(part, LARGEST_TOLD);
			for (let view = first; view.scale > all.scale; view = viewOf(part, view.scale * 0.97)) {
				const sight = this.sight(view);
				if (cards.every((card) => inside(card, sight) || !overlap(card, sight))) return view;
			}
			return all.scale < PLAIN_BELOW ? first : all;
		};
		board.look(told && all.scale < READABLE ? near() : all);
	}

	/** `ids`: the nodes of the stage that is told; null: of all. */
	tell(ids) {
		if (ids === this.told) return;
		this.told = ids;
		if (this.free) this.fit();
	}

	resized() {
		if (this.free) this.fit(this.readable);
		else if (this.last) this.show(this.last);
	}

	moved() {
		this.free = false;
		this.last = { scale: this.board.view.scale, centre: this.centre() };
		clearTimeout(this.timer);
		this.timer = setTimeout(() => this.free || keep(this.place, this.last), REST_MS);
	}

	centre() {
		const { scale, x, y } = this.board.view;
		const { width, height } = this.board.size;
		return { x: (width / 2 - x) / scale, y: (height / 2 - y) / scale };
	}

	go(centre, scale = this.board.view.scale) {
		this.show({ scale, centre });
		this.moved();
	}

	sight({ scale, x, y } = this.board.view) {
		const { width, height } = this.board.size;
		return {
			left: -x / scale,
			top: -y / scale,
			right: (width - x) / scale,
			bottom: (height - y) / scale,
		};
	}

	/** The keyboard came to a card: it must be seen, and large enough to be read. */
	reach(id) {
		const at = this.board.at(id);
		const { scale } = this.board.view;
		if (!at) return;
		if (scale < PLAIN_BELOW) return this.go(at, 2 * PLAIN_BELOW);
		const { x, y } = this.way(cardRect(at));
		const centre = this.centre();
		if (x || y) this.go({ x: centre.x + x, y: centre.y + y });
	}

	/** How far the view has to go, and no farther, until a card is well in sight. */
	way(card) {
		const { scale } = this.board.view;
		const sight = this.sight();
		const along = (from, to) => {
			const before = card[from] - EDGE[from] / scale - sight[from];
			const behind = card[to] + EDGE[to] / scale - sight[to];
			return before < 0 ? before : Math.max(behind, 0);
		};
		return { x: along("left", "right"), y: along("top", "bottom") };
	}

	/** Bring a card into sight if it is not: by showing everything where that can still be read. */
	reveal(id) {
		const at = this.board.at(id);
		if (!at || inside(cardRect(at, 8), this.sight())) return;
		const { scale } = this.board.view;
		this.fit();
		if (this.board.view.scale < PLAIN_BELOW) this.go(at, scale);
	}
}
