/** Mount: the canvas, as Streamlit calls for it. */

import { mounter } from "../live/mount.js";
import { Canvas } from "./canvas.js";

const STYLES = ["../live/tokens.css", "canvas.css", "hud.css", "head.css"];

export const mount = mounter({
	frame: "fanfold-canvas",
	place: (data) => data.flow_id,
	files: (data) => [
		...STYLES.map((file) => new URL(file, import.meta.url).href),
		data.addresses.vis,
	],
	make: (frame, data) => new Canvas(frame, data, window.vis),
});
