/** Lane: one node's row: its name, and its time as a bar that grows while it works. */

import { make, setAttribute, setText } from "../live/dom.js";
import { STATUS_WORDS, seconds, shorten } from "../live/format.js";
import { partsOf } from "./parts.js";
import { sayWait } from "../live/waits.js";

const LABEL_PX = 96;
/** Shorter waits are not worth a line. */
const SHORT_S = 0.05;
const HELD = "Waited for its stage: another node of the stage before was still at work";

export class Lane {
	constructor(key) {
		Object.assign(this, partsOf("lane"));
		this.key = key;
		Object.assign(this.root.dataset, { key, ...(key.includes("[") && { item: "" }) });
		this.fold.dataset.testid = `fold-${key}`;
		this.bar.dataset.testid = `lane-${key}`;
	}

	draw(name, scene) {
		const { told } = scene;
		this.told = told;
		setText(this.name, shorten(name, 80));
		this.fold.hidden = !scene.count;
		setText(this.fold, `${scene.open ? "−" : "+"} ${scene.count}`);
		setAttribute(this.root, "title", [name, told?.error].filter(Boolean).join("\n"));
		this.root.toggleAttribute("data-selected", scene.selected);
		const status = told?.status ?? "idle";
		const wait = sayWait(told, scene.now);
		const look = looks(told, status, wait);
		setAttribute(this.root, "data-look", look);
		setAttribute(this.bar, "data-status", status);
		this.bar.toggleAttribute("data-critical", scene.critical);
		const times = timesOf(told, scene);
		this.place(this.queue, times.work && (times.queue ?? times.held), scene);
		this.queue.toggleAttribute("data-held", !times.queue);
		if (!times.queue) setAttribute(this.queue, "title", HELD);
		this.place(this.bar, times.work ?? times.queue, scene);
		setAttribute(this.bar, "data-part", times.work ? "work" : times.queue ? "queue" : null);
		if (times.work) setAttribute(this.bar, "title", null);
		this.drawRetries(told?.retries ?? [], scene);
		this.drawWords(times, scene, wait || told?.word || STATUS_WORDS[look]);
	}

	place(element, time, { sight }) {
		element.hidden = !time;
		if (!time) return;
		element.style.left = `${sight.part(time[0]) * 100}%`;
		element.style.width = `${((time[1] - time[0]) / sight.span) * 100}%`;
	}

	drawRetries(retries, scene) {
		const { from, span } = scene.sight;
		const key = JSON.stringify([retries, from, span, this.told?.ended]);
		if (key === this.retries) return;
		this.retries = key;
		const over = this.told?.ended ?? Infinity;
		const pieces = retries.map(({ at, delay_s, error }) => {
			const cut = over < at + delay_s;
			const hint = `${error} ${cut ? "It ended before the next try." : `Tried again after ${seconds(delay_s)}.`}`;
			const piece = make("span", { class: "ff-lane-wait", hint });
			this.place(piece, [at, Math.min(at + delay_s, over)], scene);
			return piece;
		});
		this.waits.replaceChildren(...pieces);
	}

	/** How long it works is told too, but not of one that waits: it has a time of its own. */
	drawWords({ work, queue }, { told, sight, width }, said) {
		const time = work ?? queue;
		this.words.hidden = !told || (!time && told.status === "idle");
		if (!told) return;
		const waits = this.root.dataset.look === "retry";
		setText(this.words, work && !waits ? `${said} ${seconds(work[1] - work[0])}` : said);
		const [start, to] = time ?? [0, 0];
		const from = Math.max(start, ...told.retries.map(({ at, delay_s }) => at + delay_s));
		const seen = (at) => Math.min(Math.max(sight.part(at), 0), 1);
		const long = (seen(to) - seen(from)) * width > LABEL_PX;
		const late = seen(to) * width > width - LABEL_PX;
		if (sight.part(to) < 0 || sight.part(start) > 1) this.words.hidden = true;
		const place = long ? "in" : late ? "before" : "after";
		setAttribute(this.words, "data-place", work || !long ? place : "queue");
		const at = place === "in" ? from : place === "after" ? Math.max(from, to) : start;
		this.words.style.left = `${seen(at) * 100}%`;
	}
}

/** An item waits since its `for_each` began, a node behind a barrier since its parents ended. */
function timesOf(told, { now, since, held }) {
	if (!told || told.reused) return {};
	const { started, ended } = told;
	const queued = since ?? told.queued;
	const end = ended ?? Math.max(now, started ?? queued ?? 0);
	const late = queued !== null && (started ?? end) - queued >= SHORT_S;
	return {
		held: held != null && started !== null && started - held >= SHORT_S ? [held, started] : null,
		queue: queued === null || (started !== null && !late) ? null : [queued, started ?? end],
		work: started === null ? null : [started, end],
	};
}

/** A fallback counts as a success, but nobody shall take it for one. */
function looks(told, status, wait) {
	if (told?.reused) return "reused";
	if (wait) return "retry";
	return status === "finished" && told.error ? "fallback" : status;
}
