/** Lanes: the time of a run on the left, what came of it on the right. */

import { make, setAttribute, setText } from "../live/dom.js";
import { shorten } from "../live/format.js";
import { icon } from "../live/icons.js";
import { liveOf } from "../live/live.js";
import { selectionOf } from "../live/selection.js";
import { readTheme } from "../live/theme.js";
import { Chart } from "./chart.js";
import { Detail } from "./detail.js";
import { Result, textOf } from "./result.js";
import { Sums } from "./sums.js";

const COPIED_MS = 1400;

export class Lanes {
  /**
   * @param {HTMLElement} frame
   * @param {any} data
   */
  constructor(frame, data) {
    this.data = data;
    this.place = `${data.flow_id} ${data.follow ?? ""}`;
    this.live = liveOf(data);
    this.selection = selectionOf(data.flow_id);
    this.sums = new Sums();
    this.chart = new Chart((key) => this.choose(key));
    this.result = new Result();
    this.detail = new Detail();
    this.tab = "result";
    this.frame = 0;
    this.root = this.build();
    frame.replaceChildren(this.root);
    const size = new ResizeObserver(() => this.draw());
    size.observe(this.root);
    this.endings = [
      () => size.disconnect(),
      this.live.listen(() => this.heard()),
      this.selection.listen(() => this.draw()),
    ];
  }

  build() {
    this.tabs = {
      result: this.buildTab("result", "Result"),
      detail: this.buildTab("detail", "Node"),
    };
    this.copy = make(
      "button",
      { class: "ff-copy", type: "button", testid: "copy", hint: "Copy", label: "Copy", on: { click: () => this.take() } },
      icon("copy", 16),
    );
    const tabs = make("div", { class: "ff-tabs", role: "tablist" }, this.tabs.result, this.tabs.detail);
    const head = make("div", { class: "ff-result-head" }, tabs, this.copy);
    const left = make("div", { class: "ff-lanes-left" }, this.sums.element, this.chart.element);
    const right = make("div", { class: "ff-lanes-right" }, head, this.result.element, this.detail.element);
    return make("div", { class: "ff-lanes" }, left, right);
  }

  buildTab(name, word) {
    return make("button", {
      class: "ff-tab",
      type: "button",
      role: "tab",
      testid: `tab-${name}`,
      text: word,
      on: { click: () => this.show(name) },
    });
  }

  /** @param {any} data */
  update(data) {
    this.data = data;
    this.live.connect(data);
    this.nodes = new Map(data.nodes.map((node) => [node.id, node]));
    this.draw();
  }

  heard() {
    if (this.live.armed) this.tab = "result";
    this.draw();
  }

  draw() {
    const { data, live, nodes } = this;
    if (!nodes) return;
    setAttribute(this.root, "data-dark", String(readTheme(this.root).dark));
    const selected = this.selection.ids;
    this.chart.draw({ stages: data.stages, nodes, live, selected });
    this.sums.draw(live, data.shared_processor);
    this.result.draw(this.scene());
    const chosen = this.chosen();
    setText(this.tabs.detail, chosen === null ? "Node" : shorten(nodes.get(chosen).name, 28));
    this.detail.draw(chosen, live);
    for (const [name, tab] of Object.entries(this.tabs)) {
      setAttribute(tab, "aria-selected", String(name === this.tab));
    }
    this.result.element.hidden = this.tab !== "result";
    this.detail.element.hidden = this.tab !== "detail";
    this.copy.disabled = !this.taken();
    this.next();
  }

  /** While a run goes on its bars grow with every frame. */
  next() {
    if (this.frame || this.live.run?.status !== "running") return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      const { data, live, nodes } = this;
      this.chart.draw({ stages: data.stages, nodes, live, selected: this.selection.ids });
      this.sums.draw(live, data.shared_processor);
      if (this.root.isConnected) this.next();
    });
  }

  scene() {
    return { ends: this.data.ends, nodes: this.nodes, live: this.live };
  }

  /** @returns {string | null} the one node that is selected */
  chosen() {
    const [id, ...more] = [...this.selection.ids].filter((each) => this.nodes.has(each));
    return id !== undefined && more.length === 0 ? id : null;
  }

  choose(key) {
    this.tab = "detail";
    this.selection.set([key]);
    this.draw();
  }

  show(tab) {
    this.tab = tab;
    this.draw();
  }

  taken() {
    const chosen = this.chosen();
    if (this.tab === "result") return this.result.text(this.scene());
    return chosen === null ? "" : textOf(this.live, chosen);
  }

  async take() {
    await copyText(this.taken());
    this.copy.replaceChildren(icon("done", 16));
    window.setTimeout(() => this.copy.replaceChildren(icon("copy", 16)), COPIED_MS);
  }

  destroy() {
    cancelAnimationFrame(this.frame);
    for (const end of this.endings) end();
    this.root.remove();
  }
}

/** Copy a text, also where the clipboard may not be written (an address without https). */
async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = make("textarea", { style: "position: fixed; opacity: 0" });
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
}
