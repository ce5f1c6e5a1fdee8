/** Mount: one set of lanes for each element that Streamlit gives us, however often it calls. */

import { loadStyle } from "../live/dom.js";
import { Lanes } from "./lanes.js";

/** @type {WeakMap<HTMLElement, {lanes: Lanes | null}>} */
const instances = new WeakMap();

/**
 * @param {any} component what Streamlit hands to a component: data, parentElement
 * @returns {Promise<() => void>} called when Streamlit takes the element away
 */
export async function mount(component) {
  const parent = component.parentElement;
  let instance = instances.get(parent);
  if (!instance) instances.set(parent, (instance = { lanes: null }));
  const styles = ["../live/tokens.css", "lanes.css"];
  await Promise.all(styles.map((name) => loadStyle(new URL(name, import.meta.url).href)));
  const { data } = component;
  if (instance.lanes && instance.lanes.place !== `${data.flow_id} ${data.follow ?? ""}`) {
    instance.lanes.destroy();
    instance.lanes = null;
  }
  instance.lanes ??= new Lanes(parent.querySelector(".fanfold-lanes"), data);
  instance.lanes.update(data);
  return () => {
    // Streamlit also calls this for a call that was overtaken, while the element still stands.
    if (parent.isConnected) return;
    instances.get(parent)?.lanes?.destroy();
    instances.delete(parent);
  };
}
