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

/** @returns {string} `0.4 s`, `12.3 s`, `2 min 5 s`: the app's own words, see its `format.js` */
export function seconds(seconds) {
	if (seconds == null) return "";
	const value = Math.max(seconds, 0);
	if (value < 59.95) return `${value.toFixed(1)} s`;
	const whole = Math.round(value);
	const minutes = Math.floor(whole / 60);
	if (minutes < 60) return `${minutes} min ${whole % 60} s`;
	return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
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
