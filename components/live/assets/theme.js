/** Theme: Streamlit's colours as they are now. Read at each draw, so a switch shows at once. */

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

const FALLBACK = {
  background: "#ffffff",
  surface: "#f3f5fa",
  text: "#1d2433",
  border: "#dbe0ea",
  accent: "#4f46e5",
  blue: "#2f6fe4",
  green: "#0f8a5f",
  red: "#c93a48",
  orange: "#c25e14",
  violet: "#7c4ddb",
  gray: "#64708a",
};

/** @typedef {typeof FALLBACK & {dark: boolean}} Theme */

/**
 * @param {Element} element one inside the component
 * @returns {Theme}
 */
export function readTheme(element) {
  const style = getComputedStyle(element);
  const theme = /** @type {any} */ ({});
  for (const [name, variable] of Object.entries(NAMES)) {
    theme[name] = style.getPropertyValue(variable).trim() || FALLBACK[name];
  }
  theme.dark = lightness(theme.background) < 0.5;
  return theme;
}

/** @type {Record<string, keyof typeof FALLBACK>} the colour a status is drawn in */
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

const measure = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
/** @type {Map<string, number>} */
const known = new Map();

/**
 * @param {string} colour any CSS colour
 * @returns {number} 0 is black, 1 is white
 */
function lightness(colour) {
  let value = known.get(colour);
  if (value === undefined && measure) {
    measure.fillStyle = colour;
    measure.fillRect(0, 0, 1, 1);
    const [red, green, blue] = measure.getImageData(0, 0, 1, 1).data;
    value = (0.299 * red + 0.587 * green + 0.114 * blue) / 255;
    known.set(colour, value);
  }
  return value ?? 1;
}
