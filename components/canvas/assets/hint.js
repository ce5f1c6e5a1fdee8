/** Hint: what an empty canvas says. */

import { make } from "../live/dom.js";

/** @param {(type: string) => void} add */
export function buildHint(add) {
  const start = make("button", {
    class: "ff-hint-add",
    type: "button",
    text: "Add the first agent",
    on: { click: () => add("agent") },
  });
  const element = make(
    "div",
    { class: "ff-hint", testid: "hint", hidden: true },
    make("p", { class: "ff-hint-title", text: "Place agents, link them, press Run" }),
    make("p", {
      class: "ff-hint-words",
      text: "Double-click anywhere, or pick from the bar above. Drag from a card’s right edge to link it to the next. Agents side by side run at the same time.",
    }),
    start,
  );
  return { element, show: (wanted) => (element.hidden = !wanted) };
}
