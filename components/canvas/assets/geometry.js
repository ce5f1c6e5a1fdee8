/** Geometry: the size of a card, and where its ports are. Canvas pixels at zoom 1. */

export const CARD = { width: 220, height: 92 };
export const PORT_RADIUS = 6;
/** How high a note is at most: of a longer one the words scroll. */
export const HIGHEST_NOTE = 260;

/** Below this zoom a large flow is drawn as plain boxes: its text could not be read anyway. */
export const PLAIN_BELOW = 0.42;
/** Below this zoom a card's small print could not be read. */
export const SMALL_BELOW = 0.8;
/** Below this zoom a card has room for its name, and what became of it, alone. */
export const FAR_BELOW = 0.6;
/** Up to this many cards stay real at every zoom, and are never culled. */
export const FEW_CARDS = 60;

export function cardRect(centre, margin = 0) {
	const across = CARD.width / 2 + margin;
	const down = CARD.height / 2 + margin;
	return {
		left: centre.x - across,
		top: centre.y - down,
		right: centre.x + across,
		bottom: centre.y + down,
	};
}

export function spotRect({ x, y }) {
	return { left: x, top: y, right: x, bottom: y };
}

export function clamp(value, least, most) {
	return Math.min(Math.max(value, least), most);
}

export function rounded({ x, y }) {
	return { x: Math.round(x), y: Math.round(y) };
}

export function overlap(one, other) {
	return (
		one.left < other.right &&
		one.right > other.left &&
		one.top < other.bottom &&
		one.bottom > other.top
	);
}

export function around(rects) {
	if (!rects.length) return null;
	const most = (pick, side) => pick(...rects.map((rect) => rect[side]));
	const [left, top] = [most(Math.min, "left"), most(Math.min, "top")];
	return { left, top, right: most(Math.max, "right"), bottom: most(Math.max, "bottom") };
}

/** The curve of a link, as a cubic Bézier; one that runs back swings out on both sides. */
export function curve(from, to) {
	const across = to.x - from.x;
	const bend =
		across > 0
			? Math.max(Math.min(across * 0.5, 160), Math.min(40, across))
			: Math.min(60 - across * 0.4, 260);
	return [from, { x: from.x + bend, y: from.y }, { x: to.x - bend, y: to.y }, to];
}

export function pointOn([a, b, c, d], t) {
	const u = 1 - t;
	const mix = (k) => u * u * (u * a[k] + 3 * t * b[k]) + t * t * (3 * u * c[k] + t * d[k]);
	return { x: mix("x"), y: mix("y") };
}

/** The way from one card to the next, as when cards are arranged by stage. */
export const STEP = { x: 320, y: 160 };
/** From the edge of what is seen: the tools are there. */
const ASIDE = 52;

/** Find a free place for a card: near a point, rather to the right, in sight; null: all is. */
export function freePlace(wish, { taken, sight, columns = 5 }) {
	const rects = taken.map((centre) => cardRect(centre, 12));
	const whole = around(rects);
	const places = [];
	for (let column = -columns; column <= columns; column += 1) {
		for (let row = -8; row <= 8; row += 1) {
			const point = { x: wish.x + column * STEP.x, y: wish.y + row * STEP.y };
			const left = column < 0 ? STEP.x : 0;
			const unseen = sight && !inside(cardRect(point, ASIDE), sight) ? 4 * STEP.x : 0;
			const way = Math.hypot(column * STEP.x, row * STEP.y * 0.9);
			const far = way + left + unseen + (columns ? tooHigh(whole, cardRect(point)) : 0);
			places.push({ point, far: row < 0 ? far + 1 : far });
		}
	}
	places.sort((one, other) => one.far - other.far);
	const free = places.find(({ point }) => !rects.some((rect) => overlap(rect, cardRect(point))));
	return free?.point ?? { x: wish.x, y: whole.bottom + STEP.y };
}

/** A flow much higher than wide is hard to see at once. */
function tooHigh(whole, rect) {
	const { left, top, right, bottom } = around(whole ? [whole, rect] : [rect]);
	return Math.max(bottom - top - (right - left) / 2 - 60, 0) * 3;
}

export function inside(one, other) {
	return (
		one.left >= other.left &&
		one.top >= other.top &&
		one.right <= other.right &&
		one.bottom <= other.bottom
	);
}
