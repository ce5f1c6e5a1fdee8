/** Tip: what something means, shown while it is pointed at or has the focus. */

import { make, on, setText } from "./dom.js";

const GAP_PX = 6;
const EDGE_PX = 8;

let made = 0;

/** Give tips to all in `root` that has words for one (`data-tip`). Escape puts them away. */
export function giveTips(root) {
	const id = `ff-tip-${++made}`;
	const tip = make("div", { class: "ff-tip", role: "tooltip", id, popover: "manual", dir: "auto" });
	let owner = null;
	const hide = () => {
		owner?.removeAttribute("aria-describedby");
		owner = null;
		if (tip.matches(":popover-open")) tip.hidePopover();
	};
	const show = ({ target }) => {
		const next = target.closest("[data-tip]");
		if (next === owner) return;
		hide();
		if (!next) return;
		owner = next;
		setText(tip, owner.dataset.tip);
		owner.setAttribute("aria-describedby", id);
		tip.showPopover(); // above all: the frame would cut it
		place(tip, owner);
	};
	const leave = ({ relatedTarget }) => owner?.contains(relatedTarget) || hide();
	root.append(tip);
	on(root, "pointerover", show);
	on(root, "focusin", ({ target }) => target.matches(":focus-visible") && show({ target }));
	on(root, "pointerout", leave);
	on(root, "focusout", hide);
	on(root, "keydown", ({ key }) => key === "Escape" && hide());
}

/** Under what it speaks of, above it where there is no room. */
function place(tip, owner) {
	const at = owner.getBoundingClientRect();
	const { width, height } = tip.getBoundingClientRect();
	const left = Math.min(at.left, window.innerWidth - width - EDGE_PX);
	const under = at.bottom + GAP_PX;
	const top = under + height > window.innerHeight ? at.top - GAP_PX - height : under;
	Object.assign(tip.style, { left: `${Math.max(left, EDGE_PX)}px`, top: `${top}px` });
}
