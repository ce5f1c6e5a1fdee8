/** Format: how numbers, times and values read on the screen. */

const NUMBER = new Intl.NumberFormat("en-US");

export function seconds(seconds) {
	if (seconds == null) return "";
	const value = Math.max(seconds, 0);
	if (value < 59.95) return `${value.toFixed(1)} s`;
	const whole = Math.round(value);
	const minutes = Math.floor(whole / 60);
	if (minutes < 60) return `${minutes} min ${whole % 60} s`;
	return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

export function tokens(count) {
	return count == null ? "" : `${NUMBER.format(count)} tok`;
}

export function counted(count, word) {
	return `${count} ${word}${count === 1 ? "" : "s"}`;
}

export function outputText(value) {
	if (value == null) return "";
	return typeof value === "string" ? value : JSON.stringify(value, null, 2);
}

export function shorten(text, most) {
	const plain = text.replace(/\s+/g, " ").trim();
	return plain.length <= most ? plain : `${plain.slice(0, most - 1)}…`;
}

export const STATUS_WORDS = {
	idle: "waiting",
	queued: "queued",
	running: "running",
	finished: "done",
	failed: "failed",
	skipped: "skipped",
	cancelled: "stopped",
	fallback: "fallback",
	reused: "reused",
};
