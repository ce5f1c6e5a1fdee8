/** Popover: a menu of Streamlit's that is opened by a key is gone into, and walked by the arrows. */

const OPENER = "[data-testid=stPopoverButton]";
const BODY = "[data-testid=stPopoverBody]";
const ITEMS = "button:not(:disabled), a[href], input:not(:disabled), textarea";
const PATIENCE_MS = 3000;

let entered = null; // the menu that a key has just opened

window.addEventListener("keydown", hear, { capture: true });
window.addEventListener("pointerdown", () => (entered = null), { capture: true });

function hear(event) {
	const { key, target } = event;
	entered = null;
	if (target.closest?.(OPENER) && (key === "Enter" || key === " ")) goInto();
	const body = target.closest?.(BODY);
	if (!body || !target.matches("button, a") || !/^Arrow(Up|Down)$/.test(key)) return;
	event.preventDefault();
	const items = itemsOf(body);
	const step = key === "ArrowDown" ? 1 : items.length - 1;
	items[(items.indexOf(target) + step) % items.length].focus();
}

/** Open it for who pressed a key elsewhere. */
export function openMenu(opener) {
	opener.focus();
	opener.click();
	goInto();
}

function goInto() {
	entered = { until: performance.now() + PATIENCE_MS };
	enter(entered);
}

/**
 * It stands at the end of the page: without this, Tab goes on behind the button instead.
 * Streamlit draws some items later than those below them: until a hand moves it is gone in anew.
 */
function enter(way) {
	if (way !== entered || performance.now() > way.until) return;
	const body = document.querySelector(BODY);
	const place = document.activeElement;
	if (way.at && place !== way.at && body?.contains(place)) return; // somebody else led on
	const first = itemsOf(body)[0];
	if (first && first !== place) first.focus();
	way.at = first;
	requestAnimationFrame(() => enter(way));
}

function itemsOf(body) {
	const all = [...(body?.querySelectorAll(ITEMS) ?? [])];
	return all.filter((item) => item.checkVisibility());
}
