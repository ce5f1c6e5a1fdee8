/** Scale: how much time the lanes show, and where the axis has its marks. */

const STEPS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21600];
const MARK_PX = 68;

/** While a run is played again its whole time is in sight, so that nothing shrinks. */
export function wholeOf(live) {
	return live.replay ? spanOf(live.replay.length) : spanOf(live.now(), live.busy);
}

/** While a run goes on the span grows in steps, so that the bars do not shrink all the time. */
function spanOf(now, going) {
	const whole = Math.max(now, 0.2);
	if (!going) return whole * 1.02;
	let span = 4;
	while (span < whole * 1.06) span *= span < 30 ? 1.5 : 1.3;
	return span;
}

/** The marks of `span` seconds from a moment on. */
export function marksOf(from, span, width) {
	const most = Math.max(Math.floor(width / MARK_PX), 2);
	const step = STEPS.find((each) => span / each <= most) ?? 86400;
	const first = Math.ceil(from / step - 1e-6);
	const count = Math.floor((from + span) / step + 1e-6) - first + 1;
	const mark = (at) => ({ at, word: wordOf(at) });
	return Array.from({ length: count }, (_, place) => mark((first + place) * step));
}

function wordOf(at) {
	if (at < 120) return `${+at.toFixed(2)} s`;
	const rest = Math.round(at % 60);
	return `${Math.floor(at / 60)}${rest ? `:${String(rest).padStart(2, "0")}` : ""} min`;
}
