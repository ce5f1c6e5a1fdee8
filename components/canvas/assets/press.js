/** Press: what the pointer does to cards and to the empty canvas, before vis-network hears of it.
 *
 * Cards are HTML over vis-network's canvas: a press on one is handed on, so that it drags the node.
 * A drag with shift held on the empty canvas draws a box and selects what it touches.
 */

import { followPointer, make } from "../live/dom.js";
import { cardRect, overlap } from "./geometry.js";

const CLICK_PX = 5;

export function hearPresses(parts, board, hooks) {
	const { stage, cards, heads } = parts;
	cards.addEventListener("pointerdown", (event) => {
		const shell = event.target.closest(".ff-card");
		if (!shell || event.button !== 0) return;
		const port = event.target.closest(".ff-port");
		if (port) {
			event.preventDefault();
			hooks.link(shell.dataset.id, port.dataset.port, event);
			return;
		}
		hooks.press(shell.dataset.id, isMore(event));
		if (!isMore(event)) handOn(board, shell.dataset.id, event);
	});
	stage.addEventListener("contextmenu", (event) => {
		if (event.target.closest(".ff-bar, .ff-menu")) return;
		event.preventDefault();
		hooks.menu(event.target.closest(".ff-card")?.dataset.id, event);
	});
	let from = null;
	heads.addEventListener("pointerdown", (event) => {
		from = event;
		if (event.button !== 0) return;
		if (event.shiftKey) drawBox(parts, board, event, hooks.box);
		else board.canvas.dispatchEvent(copyOf(event)); // a drag moves the view here too
	});
	heads.addEventListener("click", (event) => {
		const far = Math.hypot(event.clientX - from.clientX, event.clientY - from.clientY);
		const head = event.target.closest(".ff-band-head");
		if (head && far < CLICK_PX) hooks.stage(Number(head.dataset.stage));
	});
	cards.addEventListener("mousemove", (event) => board.canvas.dispatchEvent(copyOf(event)));
	stage.addEventListener("wheel", (event) => turnWheel(parts, board, event), {
		capture: true,
		passive: false,
	});
	parts.vis.addEventListener(
		"pointerdown",
		(event) => {
			if (event.target !== board.canvas || !event.isTrusted) return;
			stage.focus({ preventScroll: true });
			if (!event.shiftKey || event.button !== 0 || board.edgeUnder(event)) return;
			event.stopPropagation();
			drawBox(parts, board, event, hooks.box);
		},
		{ capture: true },
	);
}

/** Let vis-network take the press as one on its own canvas, on this node. */
function handOn(board, id, event) {
	board.held = id;
	board.canvas.dispatchEvent(copyOf(event));
	const release = () => {
		if (board.held === id) board.held = null;
	};
	// vis-network hears of the end on the window as well, perhaps after this.
	followPointer(() => {}, () => window.setTimeout(release));
}

function copyOf(event) {
	return new event.constructor(event.type, event);
}

/** Say whether a press adds to what is selected. */
export function isMore(event) {
	return Boolean(event?.shiftKey || event?.ctrlKey || event?.metaKey);
}

function turnWheel({ stage, hud }, board, event) {
	if (hud.contains(event.target) && event.target.closest(".ff-scrolls")) return;
	event.preventDefault();
	event.stopPropagation();
	const box = stage.getBoundingClientRect();
	const pixels = event.deltaY * (event.deltaMode === 1 ? 16 : event.deltaMode === 2 ? 400 : 1);
	const strength = event.ctrlKey ? 0.01 : 0.0015;
	const factor = Math.exp(-Math.min(Math.max(pixels, -300), 300) * strength);
	board.zoom(factor, { x: event.clientX - box.left, y: event.clientY - box.top });
}

function drawBox({ stage, wire }, board, start, done) {
	const frame = make("div", { class: "ff-marquee" });
	const corner = stage.getBoundingClientRect();
	const from = board.pointOf(start);
	let to = from;
	wire.append(frame);
	const move = (event) => {
		to = board.pointOf(event);
		const left = Math.min(start.clientX, event.clientX) - corner.left;
		const top = Math.min(start.clientY, event.clientY) - corner.top;
		frame.style.transform = `translate(${left}px, ${top}px)`;
		frame.style.width = `${Math.abs(event.clientX - start.clientX)}px`;
		frame.style.height = `${Math.abs(event.clientY - start.clientY)}px`;
	};
	followPointer(move, (_event, kept) => {
		frame.remove();
		if (kept) done(touched(board, from, to));
	});
}

function touched(board, from, to) {
	const box = {
		left: Math.min(from.x, to.x),
		top: Math.min(from.y, to.y),
		right: Math.max(from.x, to.x),
		bottom: Math.max(from.y, to.y),
	};
	return board.nodeSet.getIds().filter((id) => overlap(box, cardRect(board.at(id))));
}
