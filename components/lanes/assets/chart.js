/** Chart: all lanes over one axis of time, with a cursor that tells the exact moment. */

import { make, setAttribute, setText } from "../live/dom.js";
import { Lane } from "./lane.js";
import { marksOf, spanOf } from "./scale.js";

/**
 * @typedef {{stages: string[][], nodes: Map<string, {name: string}>,
 *   live: import("../live/live.js").Live, selected: Set<string>}} Scene
 */

export class Chart {
  /** @param {(key: string) => void} choose */
  constructor(choose) {
    this.rows = make("div", { class: "ff-lane-rows", testid: "lanes" });
    this.axis = make("div", { class: "ff-axis", "aria-hidden": "true" });
    this.grid = make("div", { class: "ff-lane-grid", "aria-hidden": "true" });
    this.time = make("span", { class: "ff-cursor-time" });
    this.cursor = make("div", { class: "ff-cursor", hidden: true, "aria-hidden": "true" }, this.time);
    this.field = make("div", { class: "ff-field-of-time" }, this.grid, this.cursor);
    this.empty = make("p", {
      class: "ff-lanes-empty",
      text: "Press Run: every agent gets a lane, and time runs to the right.",
    });
    this.scroll = make("div", { class: "ff-lane-scroll" }, this.field, this.rows, this.empty);
    this.element = make("div", { class: "ff-chart" }, this.scroll, this.axis);
    /** @type {Map<string, Lane>} */
    this.lanes = new Map();
    this.order = "";
    this.marks = "";
    this.span = 1;
    this.rows.addEventListener("click", (event) => {
      const row = event.target.closest(".ff-lane");
      if (row) choose(row.dataset.key);
    });
    this.element.addEventListener("pointermove", (event) => this.point(event));
    this.element.addEventListener("pointerleave", () => (this.cursor.hidden = true));
  }

  /** @param {Scene} scene */
  draw(scene) {
    const { live, nodes } = scene;
    this.keep(scene);
    const now = live.now();
    const going = live.busy;
    this.span = spanOf(now, going);
    const width = Math.max(this.axis.clientWidth, 1);
    this.drawAxis(width);
    const critical = new Set(going ? [] : live.run?.critical_path ?? []);
    for (const [key, lane] of this.lanes) {
      lane.draw(nodes.get(key) ?? { name: key }, live.nodes[key], {
        now,
        span: this.span,
        width,
        critical: critical.has(key),
        selected: scene.selected.has(key),
        busy: going,
      });
    }
    const blank = !live.run && !live.armed;
    setAttribute(this.element, "data-blank", blank ? "" : null);
    this.empty.hidden = !blank || !live.heard;
  }

  /** Have a row for every node, stage by stage. */
  keep({ stages }) {
    const order = JSON.stringify(stages);
    if (order === this.order) return;
    this.order = order;
    const known = this.lanes;
    this.lanes = new Map(stages.flat().map((key) => [key, known.get(key) ?? new Lane(key)]));
    const groups = stages.map((stage, place) =>
      make(
        "div",
        { class: "ff-lane-stage" },
        make("span", { class: "ff-lane-stage-number", hint: `Stage ${place + 1}`, text: String(place + 1) }),
        make("div", { class: "ff-lane-stage-rows" }, ...stage.map((key) => this.lanes.get(key).row)),
      ),
    );
    this.rows.replaceChildren(...groups);
  }

  drawAxis(width) {
    const key = `${this.span} ${width}`;
    if (key === this.marks) return;
    this.marks = key;
    const marks = marksOf(this.span, width);
    const left = (at) => `left: ${(at / this.span) * 100}%`;
    this.axis.replaceChildren(
      ...marks.map(({ at, word }) => make("span", { class: "ff-mark", style: left(at), text: word })),
    );
    this.grid.replaceChildren(
      ...marks.map(({ at }) => make("span", { class: "ff-grid-line", style: left(at) })),
    );
  }

  point(event) {
    const box = this.field.getBoundingClientRect();
    const part = (event.clientX - box.left) / Math.max(box.width, 1);
    this.cursor.hidden = part < 0 || part > 1 || this.element.hasAttribute("data-blank");
    this.cursor.style.left = `${part * 100}%`;
    this.cursor.classList.toggle("ff-cursor-late", part > 0.86);
    setText(this.time, `${(part * this.span).toFixed(this.span < 20 ? 2 : 1)} s`);
  }
}
