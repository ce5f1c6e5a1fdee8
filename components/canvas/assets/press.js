/** Press: what the pointer does to cards and to the empty canvas, before vis-network hears of it.
 *
 * Cards are HTML over vis-network's canvas: a press on one is handed on, so that it drags the node.
 */

import { apart, followPointer, make, on } from "../live/dom.js";
import { around, cardRect, clamp, overlap, spotRect } from "./geometry.js";

const CLICK_PX = 5;

export function hearPresses(desk) {
	const { parts, board, commands, selection } = desk;
	const choose = (ids) => selection.set([...selection.ids, ...ids]);
	const { stage, cards, heads } = parts;
	on(cards, "pointerdown", (event) => {
		const shell = event.target.closest(".ff-card");
		if (!shell || event.button !== 0) return;
		const port = event.target.closest(".ff-port");
		if (port) {
			event.preventDefault();
			if (desk.editable) desk.linking.begin(shell.dataset.id, port.dataset.port, event);
			return;
		}
		desk.press(shell.dataset.id, isMore(event));
		if (!isMore(event)) handOn(board, shell.dataset.id, event);
	});
	on(stage, "contextmenu", (event) => {
		if (event.target.closest(".ff-bar, .ff-menu")) return;
		event.preventDefault();
		commands.offer(event.target.closest(".ff-card")?.dataset.id, event);
	});
	let from = null;
	on(heads, "pointerdown", (event) => {
		from = event;
		if (event.button !== 0) return;
		if (event.shiftKey) drawBox(parts, board, event, choose);
		// A drag moves the view here too.
		else board.canvas.dispatchEvent(copyOf(event));
	});
	on(heads, "click", (event) => {
		const head = event.target.closest(".ff-band-head");
		if (head && apart(event, from) < CLICK_PX) commands.chooseStage(Number(head.dataset.stage));
	});
	on(cards, "mousemove", (event) => board.canvas.dispatchEvent(copyOf(event)));
	on(stage, "wheel", (event) => turnWheel(board, event), {
		capture: true,
		passive: false,
	});
	const pressFree = (event) => {
		if (event.target !== board.canvas || !event.isTrusted) return;
		stage.focus({ preventScroll: true });
		if (!event.shiftKey || event.button !== 0 || board.edgeUnder(event)) return;
		event.stopPropagation();
		drawBox(parts, board, event, choose);
	};
	on(parts.vis, "pointerdown", pressFree, { capture: true });
}

/** Let vis-network take the press as one on its own canvas, on this node. */
function handOn(board, id, event) {
	board.held = id;
	board.canvas.dispatchEvent(copyOf(event));
	const release = () => {
		if (board.held === id) board.held = null;
	};
	// vis-network hears of the end on the window as well, perhaps after this.
	followPointer(() => {}, () => setTimeout(release));
}

function copyOf(event) {
	return new event.constructor(event.type, event);
}

export function isMore(event) {
	return Boolean(event?.shiftKey || event?.ctrlKey || event?.metaKey);
}

function turnWheel(board, event) {
	if (event.target.closest(".ff-scrolls")) return;
	event.preventDefault();
	event.stopPropagation();
	const pixels = event.deltaY * (event.deltaMode === 1 ? 16 : event.deltaMode === 2 ? 400 : 1);
	const strength = event.ctrlKey ? 0.01 : 0.0015;
	const factor = Math.exp(-clamp(pixels, -300, 300) * strength);
	board.zoom(factor, board.pixelOf(event));
}

function drawBox({ wire }, board, start, done) {
	const frame = make("div", { class: "ff-marquee" });
	const box = (place, event) => around([spotRect(place(start)), spotRect(place(event))]);
	wire.append(frame);
	const move = (event) => {
		const { left, top, right, bottom } = box((at) => board.pixelOf(at), event);
		const size = `width: ${right - left}px; height: ${bottom - top}px`;
		frame.style.cssText = `left: ${left}px; top: ${top}px; ${size}`;
	};
	followPointer(move, (event, kept) => {
		frame.remove();
		const inside = box((at) => board.pointOf(at), event);
		const touched = (id) => overlap(inside, cardRect(board.at(id)));
		if (kept) done(board.nodeSet.getIds().filter(touched));
	});
}
