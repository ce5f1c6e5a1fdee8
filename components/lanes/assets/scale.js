/** Scale: how much time the lanes show, and where the axis has its marks. Pure. */

const STEPS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21600];
const MARK_PX = 68;

/**
 * While a run goes on the span grows in steps, so that the bars do not shrink all the time.
 * @param {number} now seconds since the run's start
 * @returns {number} seconds the lanes show
 */
export function spanOf(now, going) {
	const whole = Math.max(now, 0.2);
	if (!going) return whole * 1.02;
	let span = 4;
	while (span < whole * 1.06) span *= span < 30 ? 1.5 : 1.3;
	return span;
}

/**
 * @param {number} span seconds
 * @param {number} width pixels
 */
export function marksOf(span, width) {
	const most = Math.max(Math.floor(width / MARK_PX), 2);
	const step = STEPS.find((each) => span / each <= most) ?? 86400;
	const marks = [];
	for (let number = 0; number * step <= span; number += 1) {
		const at = number * step;
		marks.push({ at, word: wordOf(at, step) });
	}
	return marks;
}

function wordOf(at, step) {
	if (at === 0) return "0";
	if (step < 1) return `${at.toFixed(1)} s`;
	if (at < 120) return `${at} s`;
	const minutes = Math.floor(at / 60);
	const rest = Math.round(at % 60);
	return rest ? `${minutes}:${String(rest).padStart(2, "0")} min` : `${minutes} min`;
}
