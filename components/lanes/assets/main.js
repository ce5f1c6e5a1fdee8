/** Mount: the lanes, as Streamlit calls for them. */

import { mounter } from "../live/mount.js";
import { Lanes, placeOf } from "./lanes.js";

const STYLES = ["../live/tokens.css", "lanes.css", "result.css"];

export const mount = mounter({
	frame: "fanfold-lanes",
	place: placeOf,
	files: () => STYLES.map((file) => new URL(file, import.meta.url).href),
	make: (frame, data) => new Lanes(frame, data),
});
