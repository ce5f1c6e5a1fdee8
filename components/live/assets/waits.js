/** Wait: the time between a failed attempt and the next one. */

import { seconds } from "./format.js";

/** Say how long a node still waits, and for which attempt; empty while it does not. */
export function sayWait({ retries = [], status } = {}, now) {
	const place = retries.findIndex(({ at, delay_s }) => now >= at && now < at + delay_s);
	if (place < 0 || status !== "running") return "";
	const { at, delay_s } = retries[place];
	return `waits ${seconds(at + delay_s - now)}, then try ${place + 2}`;
}
