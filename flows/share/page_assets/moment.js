/** Moment: how a recorded run stood at one time. Pure; times are seconds since its start. */

/**
 * @typedef {{status: string, queued?: number, started?: number, ended?: number, message?: string,
 *   output?: string, error?: string, reason?: string, tokens?: number, model?: string,
 *   branches?: string, why?: string, works?: boolean, pieces?: [number, string][],
 *   calls?: [number, string][], waits?: {at: number, delay: number, error: string}[]}} Part
 */

/**
 * @param {Part | undefined} part
 * @param {number} at
 * @returns {string} its state then
 */
export function statusAt(part, at) {
	if (!part) return "idle";
	if (part.ended !== undefined && at >= part.ended) return part.status;
	if (part.started !== undefined && at >= part.started) return "running";
	if (part.queued !== undefined && at >= part.queued) return "queued";
	return "idle";
}

/** @returns {{at: number, delay: number, error: string}[]} the attempts that had failed by then */
export function waitsAt(part, at) {
	return (part?.waits ?? []).filter((wait) => at >= wait.at);
}

/** Say whether it waits to try again. */
export function triesAgain(part, at) {
	return waitsAt(part, at).some((wait) => at < wait.at + wait.delay);
}

/** @returns {string} what it had written, or at its end given */
export function textAt(part, at) {
	if (!part) return "";
	const ended = part.ended !== undefined && at >= part.ended;
	if (ended && part.output) return part.output;
	const pieces = (part.pieces ?? []).filter(([when]) => ended || at >= when);
	return pieces.map(([, text]) => text).join("");
}

/** @returns {number} how long it had worked */
export function busyAt(part, at) {
	if (part?.started === undefined || at < part.started) return 0;
	return Math.min(at, part.ended ?? at) - part.started;
}

/** The sums of a run as they stood. */
export function sumsAt(run, at) {
	const ended = at >= run.wall;
	const works = Object.values(run.parts).filter((part) => part.works !== false);
	const sequential = ended ? run.sequential : works.reduce((sum, part) => sum + busyAt(part, at), 0);
	return {
		wall: Math.min(at, run.wall),
		sequential,
		overlap: ended ? run.overlap : at > 0 ? sequential / at : 0,
		critical: ended ? run.critical : null,
	};
}
