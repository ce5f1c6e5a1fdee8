/** Lane: one node's row: its name, and its time as a bar that grows while it works. */

import { make, setAttribute, setText } from "../live/dom.js";
import { STATUS_WORDS, seconds, shorten, tokens } from "../live/format.js";

const LABEL_PX = 96;

/** @typedef {import("../live/live.js").NodeView} NodeView */

export class Lane {
	/** @param {string} key the node's key in the run */
	constructor(key) {
		this.key = key;
		this.name = make("span", { class: "ff-lane-name", dir: "auto" });
		this.fold = make("span", { class: "ff-lane-fold", testid: `fold-${key}`, hidden: true });
		this.label = make("span", { class: "ff-lane-label" }, this.name, this.fold);
		this.queue = make("span", { class: "ff-lane-queue", hidden: true });
		this.words = make("span", { class: "ff-lane-words" });
		this.bar = make("span", { class: "ff-lane-bar", testid: `lane-${key}`, hidden: true });
		this.waits = make("span", { class: "ff-lane-waits" });
		const pieces = [this.queue, this.bar, this.waits, this.words];
		this.track = make("span", { class: "ff-lane-track" }, ...pieces);
		this.row = make(
			"button",
			{ class: "ff-lane", type: "button", "data-key": key, "data-item": key.includes("[") },
			this.label,
			this.track,
		);
		this.retries = "";
	}

	draw(node, told, scene) {
		setText(this.name, shorten(node.name, 80));
		setAttribute(this.fold, "hidden", scene.count ? null : "");
		setText(this.fold, `${scene.open ? "−" : "+"} ${scene.count}`);
		setAttribute(this.row, "title", told?.error || null);
		setAttribute(this.row, "data-selected", scene.selected ? "" : null);
		setAttribute(this.row, "aria-label", `${shorten(node.name, 80)}, ${this.spoken(told)}`);
		const status = told?.status ?? "idle";
		const look = status === "running" && waiting(told, scene.now) ? "retry" : status;
		setAttribute(this.row, "data-look", look);
		setAttribute(this.bar, "data-status", status);
		setAttribute(this.bar, "data-critical", scene.critical ? "" : null);
		const times = timesOf(told, scene.now);
		this.place(this.queue, times.queue, scene);
		this.place(this.bar, times.work ?? times.queue, scene);
		setAttribute(this.bar, "data-part", times.work ? "work" : times.queue ? "queue" : null);
		this.drawRetries(told, scene);
		this.drawWords(told, times, scene, look);
	}

	place(element, time, { span }) {
		setAttribute(element, "hidden", time ? null : "");
		if (!time) return;
		element.style.left = `${(time[0] / span) * 100}%`;
		element.style.width = `${((time[1] - time[0]) / span) * 100}%`;
	}

	drawRetries(told, scene) {
		const retries = told?.retries ?? [];
		const key = JSON.stringify([retries, scene.span]);
		if (key === this.retries) return;
		this.retries = key;
		const pieces = retries.map((retry) => {
			const hint = `${retry.error} Tried again after ${seconds(retry.delay_s)}.`;
			const piece = make("span", { class: "ff-lane-wait", hint });
			this.place(piece, [retry.at, retry.at + retry.delay_s], scene);
			return piece;
		});
		this.waits.replaceChildren(...pieces);
	}

	drawWords(told, times, { span, width }, look) {
		const time = times.work ?? times.queue;
		setAttribute(this.words, "hidden", time || (told && told.status !== "idle") ? null : "");
		if (!told) return;
		const said = look === "retry" ? "waits to try again" : STATUS_WORDS[told.status];
		const lasted = times.work ? seconds(times.work[1] - times.work[0]) : "";
		setText(this.words, [said, lasted].filter(Boolean).join(" "));
		const [start, to] = time ?? [0, 0];
		const from = Math.max(start, ...told.retries.map(({ at, delay_s }) => at + delay_s));
		const long = ((to - from) / span) * width > LABEL_PX;
		const late = (to / span) * width > width - LABEL_PX;
		const place = long ? "in" : late ? "before" : "after";
		setAttribute(this.words, "data-place", place);
		const at = place === "in" ? from : place === "after" ? Math.max(from, to) : start;
		this.words.style.left = `${(at / span) * 100}%`;
	}

	spoken(told) {
		if (!told) return "not run";
		return [STATUS_WORDS[told.status], tokens(told.tokens)].filter(Boolean).join(", ");
	}
}

function timesOf(told, now) {
	if (!told) return { queue: null, work: null };
	const { queued, started, ended } = told;
	const end = ended ?? Math.max(now, started ?? queued ?? 0);
	return {
		queue: queued === null ? null : [queued, started ?? end],
		work: started === null ? null : [started, end],
	};
}

function waiting(told, now) {
	return told.retries?.some((retry) => now >= retry.at && now < retry.at + retry.delay_s);
}
