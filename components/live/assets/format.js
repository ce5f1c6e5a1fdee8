/** Format: how numbers, times and values read on the screen. */

const NUMBER = new Intl.NumberFormat("en-US");

/** @returns {string} `0.4 s`, `12.3 s`, `2 min 05 s` */
export function seconds(seconds) {
	if (seconds === null || seconds === undefined) return "";
	const value = Math.max(seconds, 0);
	if (value < 99.95) return `${value.toFixed(1)} s`;
	const whole = Math.round(value);
	return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
}

/** @returns {string} `1,204 tok` */
export function tokens(count) {
	return count === null || count === undefined ? "" : `${NUMBER.format(count)} tok`;
}

/** @returns {string} `1 node`, `2 nodes` */
export function counted(count, word) {
	return `${count} ${word}${count === 1 ? "" : "s"}`;
}

/** Write a node's output for reading: text as it is, anything else as JSON. */
export function outputText(value) {
	if (value === null || value === undefined) return "";
	return typeof value === "string" ? value : JSON.stringify(value, null, 2);
}

/**
 * Cut a text for a place that holds one line.
 * @param {number} most characters
 */
export function shorten(text, most) {
	const plain = text.replace(/\s+/g, " ").trim();
	return plain.length <= most ? plain : `${plain.slice(0, most - 1)}…`;
}

/** @type {Record<string, string>} what people read for a status */
export const STATUS_WORDS = {
	idle: "waiting",
	queued: "queued",
	running: "running",
	finished: "done",
	failed: "failed",
	skipped: "skipped",
	cancelled: "stopped",
};
