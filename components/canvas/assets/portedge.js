/** PortEdge: vis-network's cubic Bézier edge, led from a card's right to another card's left.
 *
 * vis-network 9.1.2 joins the centres of nodes. These methods say where an edge runs and how it is
 * painted; finding, selecting and hovering stay vis-network's.
 */

import { CARD, PORT_RADIUS, around, clamp, curve, overlap, pointOn, spotRect } from "./geometry.js";

const SAMPLES = 18;
const ARROW = 9;
/** vis-network takes a link for meant up to 10 pixels away. */
const FAR = 12;

export function leadByPorts(edge, painter) {
	const type = edge.edgeType;
	if (Object.hasOwn(type, "ports")) return;
	Object.assign(type, { ports: painter }, WAY);
}

const WAY = {
	curve() {
		const gap = PORT_RADIUS + 1;
		return curve(
			{ x: this.from.x + CARD.width / 2 + gap, y: this.from.y },
			{ x: this.to.x - CARD.width / 2 - gap, y: this.to.y },
		);
	},

	getPoint(t) {
		return pointOn(this.curve(), t);
	},

	_getDistanceToEdge(_x1, _y1, _x2, _y2, x, y) {
		const points = this.curve();
		const near = { left: x - FAR, top: y - FAR, right: x + FAR, bottom: y + FAR };
		if (!overlap(around(points.map(spotRect)), near)) return Infinity;
		let nearest = Infinity;
		let before = points[0];
		for (let step = 1; step <= SAMPLES; step += 1) {
			const next = pointOn(points, step / SAMPLES);
			const far = this._getDistanceToLine(before.x, before.y, next.x, next.y, x, y);
			nearest = Math.min(nearest, far);
			before = next;
		}
		return nearest;
	},

	drawLine(context, _values, selected, hover) {
		const [a, b, c, d] = this.curve();
		const { colour, width } = look(this, selected, hover);
		context.beginPath();
		context.moveTo(a.x, a.y);
		context.bezierCurveTo(b.x, b.y, c.x, c.y, d.x - ARROW * 0.7, d.y);
		context.strokeStyle = colour;
		context.lineWidth = width;
		context.setLineDash(this.ports.kindOf(this.id) === "data" ? [] : [6, 5]);
		context.stroke();
		context.setLineDash([]);
		const words = this.ports.branchesOf(this.id);
		for (const [place, word] of words.entries()) this.writeBranch(context, word, place - (words.length - 1) / 2);
	},

	/** A router’s branch stands on its link, `lines` off its middle, with the ground behind it. */
	writeBranch(context, word, lines) {
		const size = clamp(9.5 / this._body.view.scale, 11.5, 14.5);
		const { x, y: middle } = this.getPoint(0.5);
		const y = middle + 1.9 * size * lines;
		context.font = `500 ${size}px system-ui, sans-serif`;
		context.textAlign = "center";
		context.textBaseline = "middle";
		const width = context.measureText(word).width + 14;
		context.fillStyle = this.ports.colours.ground;
		context.beginPath();
		context.roundRect(x - width / 2, y - 0.9 * size, width, 1.8 * size, size);
		context.fill();
		context.stroke();
		context.fillStyle = this.ports.colours.word;
		context.fillText(word, x, y + 1);
	},

	getArrowData() {
		return {};
	},

	drawArrowHead(context, _values, selected, hover) {
		const tip = this.curve()[3];
		context.beginPath();
		context.moveTo(tip.x, tip.y);
		context.lineTo(tip.x - ARROW, tip.y - ARROW * 0.5);
		context.lineTo(tip.x - ARROW * 0.75, tip.y);
		context.lineTo(tip.x - ARROW, tip.y + ARROW * 0.5);
		context.closePath();
		context.fillStyle = look(this, selected, hover).colour;
		context.fill();
	},
};

function look(type, selected, hover) {
	const { colours, isLive, isHot, isBad } = type.ports;
	if (isBad(type.id)) return { colour: colours.bad, width: 2.6 };
	if (selected || isHot(type.id)) return { colour: colours.selected, width: 2.6 };
	if (hover) return { colour: colours.hover, width: 2.4 };
	if (isLive(type.id)) return { colour: colours.live, width: 2 };
	return { colour: colours.line, width: 1.6 };
}
