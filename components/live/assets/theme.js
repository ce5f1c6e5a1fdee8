/** Theme: Streamlit's colours as they are now. A switch shows at once. */

const NAMES = {
	background: "--st-background-color",
	surface: "--st-secondary-background-color",
	text: "--st-text-color",
	border: "--st-border-color",
	accent: "--st-primary-color",
	blue: "--st-blue-color",
	green: "--st-green-color",
	red: "--st-red-color",
	orange: "--st-orange-color",
	violet: "--st-violet-color",
	gray: "--st-gray-color",
};

/** @typedef {typeof NAMES & {dark: boolean}} Theme */

const GOOD_FOR_MS = 200;

const known = new WeakMap();

/**
 * @param {Element} element one inside the component
 * @param {boolean} [fresh] ask anew; else an answer of a moment ago will do, as asking is dear
 */
export function readTheme(element, fresh = false) {
	const last = known.get(element);
	if (last && !fresh && performance.now() - last.at < GOOD_FOR_MS) return last.theme;
	const style = getComputedStyle(element);
	const read = ([name, variable]) => [name, style.getPropertyValue(variable).trim()];
	const theme = /** @type {any} */ (Object.fromEntries(Object.entries(NAMES).map(read)));
	theme.dark = isDark(theme.background);
	known.set(element, { at: performance.now(), theme });
	return theme;
}

/** @type {Record<string, keyof typeof NAMES>} the colour a status is drawn in */
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

/** @param {string} colour any CSS colour; the pen gives it back as #rrggbb */
function isDark(colour) {
	pen.fillStyle = colour;
	const [red, green, blue] = pen.fillStyle.match(/\w\w/g).map((part) => parseInt(part, 16));
	return 0.299 * red + 0.587 * green + 0.114 * blue < 128;
}
