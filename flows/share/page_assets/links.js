/** Link: vis-network's edge, led from a card's right side to another card's left. */

const GAP = 7;
const ARROW = 9;
const DOTS_EVERY = 42;
const DOT_SPEED = 80;

/** Four points of a cubic Bézier; a link that runs back swings out on both sides. */
function curve(from, to) {
	const across = to.x - from.x;
	const bend =
		across > 0
			? Math.max(Math.min(across * 0.5, 160), Math.min(40, across))
			: Math.min(60 - across * 0.4, 260);
	return [from, { x: from.x + bend, y: from.y }, { x: to.x - bend, y: to.y }, to];
}

function pointOn([a, b, c, d], part) {
	const rest = 1 - part;
	const mix = (one, two, three, four) =>
		rest ** 3 * one + 3 * rest ** 2 * part * two + 3 * rest * part ** 2 * three + part ** 3 * four;
	return { x: mix(a.x, b.x, c.x, d.x), y: mix(a.y, b.y, c.y, d.y) };
}

/**
 * Give an edge of vis-network our way; finding and drawing order stay vis-network's.
 * @param {any} edge vis-network's
 * @param {{kind: string, branch?: string}} link
 * @param {{width: number, lookOf: () => {colour: string, width: number, live: boolean},
 *   colours: Record<string, string>, time: () => number}} painter
 */
export function leadEdge(edge, link, painter) {
	const type = edge.edgeType;
	const way = () =>
		curve(
			{ x: type.from.x + painter.width / 2 + GAP, y: type.from.y },
			{ x: type.to.x - painter.width / 2 - GAP, y: type.to.y },
		);
	Object.assign(type, {
		getPoint: (part) => pointOn(way(), part),
		_getDistanceToEdge: () => Infinity,
		getArrowData: () => ({}),
		drawLine: (context) => drawLine(context, way(), link, painter),
		drawArrowHead: (context) => drawArrow(context, way()[3], painter.lookOf().colour),
	});
}

function drawLine(context, way, link, painter) {
	const [a, b, c, d] = way;
	const { colour, width, live } = painter.lookOf();
	context.beginPath();
	context.moveTo(a.x, a.y);
	context.bezierCurveTo(b.x, b.y, c.x, c.y, d.x - ARROW * 0.7, d.y);
	context.strokeStyle = colour;
	context.lineWidth = width;
	context.setLineDash(link.kind === "data" ? [] : [6, 5]);
	context.stroke();
	context.setLineDash([]);
	if (live) drawDots(context, way, colour, painter.time());
	if (link.branch) drawBranch(context, pointOn(way, 0.5), link.branch, painter.colours);
}

function drawArrow(context, tip, colour) {
	context.beginPath();
	context.moveTo(tip.x, tip.y);
	context.lineTo(tip.x - ARROW, tip.y - ARROW * 0.5);
	context.lineTo(tip.x - ARROW * 0.75, tip.y);
	context.lineTo(tip.x - ARROW, tip.y + ARROW * 0.5);
	context.closePath();
	context.fillStyle = colour;
	context.fill();
}

/** Data on its way. */
function drawDots(context, way, colour, time) {
	const length = Math.hypot(way[3].x - way[0].x, way[3].y - way[0].y);
	const number = Math.max(Math.round(length / DOTS_EVERY), 2);
	const start = ((time * DOT_SPEED) / Math.max(length, 1)) % (1 / number);
	context.beginPath();
	for (let each = 0; each < number; each += 1) {
		const { x, y } = pointOn(way, start + each / number);
		context.moveTo(x + 2.8, y);
		context.arc(x, y, 2.8, 0, 2 * Math.PI);
	}
	context.fillStyle = colour;
	context.fill();
}

/** A router's branch stands on its link, with the ground behind it. */
function drawBranch(context, { x, y }, branch, colours) {
	const word = branch.length > 18 ? `${branch.slice(0, 17)}…` : branch;
	context.font = "500 11.5px system-ui, sans-serif";
	context.textAlign = "center";
	context.textBaseline = "middle";
	const width = context.measureText(word).width + 14;
	context.beginPath();
	context.roundRect(x - width / 2, y - 10, width, 20, 10);
	context.fillStyle = colours.page;
	context.fill();
	context.lineWidth = 1.2;
	context.stroke();
	context.fillStyle = colours.soft;
	context.fillText(word, x, y + 1);
}
