/** Theme: Streamlit's colours as they are now. A switch shows at once. */

const HUES = ["blue", "green", "red", "orange", "violet", "gray", "background", "text", "border"];
const NAMES = { surface: "secondary-background", accent: "primary" };
for (const hue of HUES) NAMES[hue] = hue;

const GOOD_FOR_MS = 1000;

const known = new WeakMap();

/** `fresh`: ask anew; else an answer of a moment ago will do, as asking is dear. */
export function readTheme(element, fresh = false) {
	const last = known.get(element);
	if (last && !fresh && performance.now() - last.at < GOOD_FOR_MS) return last.theme;
	const style = getComputedStyle(element);
	const read = ([name, hue]) => [name, style.getPropertyValue(`--st-${hue}-color`).trim()];
	const theme = Object.fromEntries(Object.entries(NAMES).map(read));
	theme.dark = isDark(theme.background);
	known.set(element, { at: performance.now(), theme });
	return theme;
}

export const STATUS_COLOURS = {
	idle: "gray",
	queued: "violet",
	running: "blue",
	finished: "green",
	failed: "red",
	skipped: "gray",
	cancelled: "orange",
	retry: "orange",
};

const pen = document.createElement("canvas").getContext("2d");

/** `colour`: any CSS colour; the pen gives it back as #rrggbb. */
function isDark(colour) {
	pen.fillStyle = colour;
	const [red, green, blue] = pen.fillStyle.match(/\w\w/g).map((part) => parseInt(part, 16));
	return 0.299 * red + 0.587 * green + 0.114 * blue < 128;
}
