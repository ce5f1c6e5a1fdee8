/** Geometry: the size of a card, and where its ports are. Canvas pixels at zoom 1. */

export const CARD = { width: 220, height: 92 };
export const PORT_RADIUS = 6;

/** Below this zoom a large flow is drawn as plain boxes: its text could not be read anyway. */
export const PLAIN_BELOW = 0.42;
/** Up to this many cards stay real at every zoom, and are never culled. */
export const FEW_CARDS = 60;

/** @typedef {{left: number, top: number, right: number, bottom: number}} Rect */
/** @typedef {{x: number, y: number}} Point */

/**
 * @param {Point} centre
 * @param {number} [margin]
 * @returns {Rect}
 */
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

/**
 * @param {Rect} one
 * @param {Rect} other
 */
export function overlap(one, other) {
  return (
    one.left < other.right &&
    one.right > other.left &&
    one.top < other.bottom &&
    one.bottom > other.top
  );
}

/**
 * @param {Rect[]} rects
 * @returns {Rect | null} the smallest rect around them all
 */
export function around(rects) {
  if (!rects.length) return null;
  return {
    left: Math.min(...rects.map((rect) => rect.left)),
    top: Math.min(...rects.map((rect) => rect.top)),
    right: Math.max(...rects.map((rect) => rect.right)),
    bottom: Math.max(...rects.map((rect) => rect.bottom)),
  };
}

/**
 * The curve of a link from an out port to an in port: four points of a cubic Bézier. A link that
 * runs back swings out on both sides.
 * @param {Point} from
 * @param {Point} to
 * @returns {[Point, Point, Point, Point]}
 */
export function curve(from, to) {
  const across = to.x - from.x;
  const bend =
    across > 0
      ? Math.max(Math.min(across * 0.5, 160), Math.min(40, across))
      : Math.min(60 - across * 0.4, 260);
  return [from, { x: from.x + bend, y: from.y }, { x: to.x - bend, y: to.y }, to];
}

/**
 * @param {[Point, Point, Point, Point]} points
 * @param {number} t 0 is the start, 1 the end
 * @returns {Point}
 */
export function pointOn([a, b, c, d], t) {
  const u = 1 - t;
  const weights = [u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t];
  return {
    x: weights[0] * a.x + weights[1] * b.x + weights[2] * c.x + weights[3] * d.x,
    y: weights[0] * a.y + weights[1] * b.y + weights[2] * c.y + weights[3] * d.y,
  };
}

/**
 * Find a free place for a card as near to a point as can be.
 * @param {Point} wish
 * @param {Point[]} taken centres of the cards that are there
 * @returns {Point}
 */
export function freePlace(wish, taken) {
  const step = { x: CARD.width + 36, y: CARD.height + 36 };
  const rects = taken.map((centre) => cardRect(centre, 12));
  const places = [];
  for (let column = -6; column <= 6; column += 1) {
    for (let row = -8; row <= 8; row += 1) {
      const point = { x: wish.x + column * step.x, y: wish.y + row * step.y };
      places.push({ point, far: Math.hypot(point.x - wish.x, (point.y - wish.y) * 0.9) });
    }
  }
  places.sort((one, other) => one.far - other.far);
  const free = places.find(({ point }) => !rects.some((rect) => overlap(rect, cardRect(point))));
  const { x, y } = free?.point ?? wish;
  return { x: Math.round(x), y: Math.round(y) };
}
