/** Word: how times, counts and states read. */

const NUMBER = new Intl.NumberFormat("en-US");

/** @type {Record<string, string>} what people read for a state */
export const STATUS_WORDS = {
	idle: "waiting",
	queued: "queued",
	running: "running",
	finished: "done",
	reused: "reused",
	failed: "failed",
	skipped: "skipped",
	cancelled: "stopped",
	interrupted: "broke off",
};

/** @returns {string} `0.4 s`, `12.3 s`, `2 min 05 s` */
export function seconds(value) {
	if (value === null || value === undefined) return "";
	if (value < 99.95) return `${Math.max(value, 0).toFixed(1)} s`;
	const whole = Math.round(value);
	return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
}

/** @returns {string} `1,204 tok`, or nothing where it is not known */
export function tokens(count) {
	return count === null || count === undefined ? "" : `${NUMBER.format(count)} tok`;
}

/** @returns {string} `1 node`, `2 nodes` */
export function counted(count, word) {
	return `${count} ${word}${count === 1 ? "" : "s"}`;
}

/** Cut a text for a place that holds one line. */
export function shorten(text, most) {
	const plain = text.slice(0, most * 4).replace(/\s+/g, " ").trim();
	return plain.length <= most ? plain : `${plain.slice(0, most - 1)}…`;
}
