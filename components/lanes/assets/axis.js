/** Axis: the marks of time under the lanes, and the ways to zoom into it and to move along it. */

import { followPointer, make } from "../live/dom.js";
import { marksOf } from "./scale.js";

const STEP = 1.5;
/** Half a mark's words, and how far they may reach over the axis. */
const HALF_PX = 22;
const EDGE_PX = 14;

export class Axis {
	/** `see`: draws everything anew, once the sight is another one. */
	constructor({ axis, chart, closer, field, filter, further, grid, wider }, sight, see) {
		Object.assign(this, { axis, chart, closer, field, filter, further, grid, sight, wider });
		this.width = 1;
		this.covered = 0;
		this.steer(see);
	}

	/** Zoom as on the canvas, by buttons or by Ctrl and wheel; drag the axis or use arrows to pan. */
	steer(see) {
		const { axis, chart, closer, filter, sight, wider } = this;
		const change = (act) => {
			act();
			see();
		};
		const pan = (parts) => change(() => sight.move(parts * sight.span));
		closer.onclick = () => change(() => sight.look(STEP));
		wider.onclick = () => change(() => sight.look(1 / STEP));
		axis.ondblclick = () => change(() => sight.open());
		chart.onwheel = (event) => {
			const { ctrlKey, metaKey, shiftKey, deltaX, deltaY } = event;
			const isZoom = ctrlKey || metaKey;
			if (!isZoom && (sight.zoom === 1 || !(shiftKey || deltaX))) return;
			event.preventDefault();
			if (isZoom) change(() => sight.look(STEP ** (-deltaY / 200), this.partAt(event)));
			else pan((deltaX || deltaY) / this.width);
		};
		axis.onpointerdown = (event) => {
			let last = event.clientX;
			followPointer(({ clientX }) => {
				pan((last - clientX) / this.width);
				last = clientX;
			}, () => {});
		};
		chart.onkeydown = ({ key, target }) => {
			const side = { ArrowLeft: -0.2, ArrowRight: 0.2 }[key];
			if (side && target !== filter) pan(side);
		};
	}

	/** Learn how much room there is; called when it changes, as asking is dear. */
	measure() {
		this.width = Math.max(this.axis.clientWidth, 1);
		const { filter, further } = this;
		this.covered = further.hidden || filter.hidden ? 0 : further.offsetWidth;
	}

	/** The words of a mark stay off what covers the axis, and inside its frame. */
	draw() {
		const { covered, sight, width } = this;
		const { from, span } = sight;
		const key = `${from} ${span} ${width} ${covered}`;
		if (key === this.drawn) return;
		this.drawn = key;
		this.chart.toggleAttribute("data-zoomed", sight.zoom > 1);
		const marks = marksOf(from, span, width);
		const place = ({ at }) => `left: ${sight.part(at) * 100}%`;
		const words = marks.map((mark) => {
			const right = sight.part(mark.at) * width + HALF_PX;
			const late = right > width + EDGE_PX;
			const under = covered > 0 && right > width + EDGE_PX - covered;
			const look = { "data-late": late, "data-under": under };
			return make("span", { class: "ff-mark", ...look, style: place(mark), text: mark.word });
		});
		this.axis.replaceChildren(...words);
		const line = (mark) => make("span", { class: "ff-grid-line", style: place(mark) });
		this.grid.replaceChildren(...marks.map(line));
	}

	/** Which part of the width the pointer is at. */
	partAt({ clientX }) {
		const { left, width } = this.field.getBoundingClientRect();
		return (clientX - left) / Math.max(width, 1);
	}
}
