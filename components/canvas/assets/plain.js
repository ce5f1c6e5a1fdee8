/** Plain: cards as boxes painted on the canvas, for a large flow seen from far away. */

import { STATUS_COLOURS } from "../live/theme.js";
import { CARD, cardRect, overlap } from "./geometry.js";

const NAME_ABOVE = 0.16;

export function drawPlainCards(context, scene) {
	const { theme, scale } = scene;
	context.textBaseline = "middle";
	context.font = `600 ${Math.min(22, 11 / scale)}px sans-serif`;
	for (const node of scene.nodes) {
		const centre = scene.at(node.id);
		if (!centre || !overlap(scene.sight, cardRect(centre))) continue;
		const status = scene.statusOf(node.id);
		const tone = theme[STATUS_COLOURS[status]];
		const chosen = scene.selected.has(node.id);
		const { left, top } = cardRect(centre);
		context.beginPath();
		context.roundRect(left, top, CARD.width, CARD.height, 14);
		context.fillStyle = theme.dark ? theme.surface : theme.background;
		context.fill();
		context.lineWidth = (chosen ? 3 : 1.5) / Math.max(scale, 0.3);
		const rim = status === "idle" ? theme.border : tone;
		context.strokeStyle = chosen ? theme.accent : rim;
		context.stroke();
		if (status !== "idle") {
			context.fillStyle = tone;
			context.fillRect(left + 12, top + CARD.height - 22, CARD.width - 24, 8);
		}
		if (scale < NAME_ABOVE) continue;
		context.save();
		context.clip();
		context.fillStyle = theme.text;
		context.fillText(node.name.slice(0, 40), left + 14, centre.y - 8);
		context.restore();
	}
}
