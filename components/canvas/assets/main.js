/** Mount: one canvas for each element that Streamlit gives us, however often it calls. */

import { loadScript, loadStyle, make } from "../live/dom.js";
import { Canvas } from "./canvas.js";

/** @type {WeakMap<HTMLElement, {canvas: Canvas | null}>} */
const instances = new WeakMap();

/**
 * @param {any} component what Streamlit hands to a component: data, parentElement, setStateValue
 * @returns {Promise<() => void>} called when Streamlit takes the element away
 */
export async function mount(component) {
  const parent = component.parentElement;
  let instance = instances.get(parent);
  if (!instance) instances.set(parent, (instance = { canvas: null }));
  const frame = parent.querySelector(".fanfold-canvas");
  const { addresses, flow_id } = component.data;
  try {
    const styles = ["../live/tokens.css", "canvas.css", "hud.css"].map((name) => new URL(name, import.meta.url).href);
    const script = new URL(addresses.vis, window.location.href).href;
    await Promise.all([...styles.map(loadStyle), loadScript(script)]);
  } catch (error) {
    frame.replaceChildren(make("p", { text: `The canvas could not be loaded. ${error.message}` }));
    return () => {};
  }
  if (instance.canvas && instance.canvas.flowId !== flow_id) {
    instance.canvas.destroy();
    instance.canvas = null;
  }
  instance.canvas ??= new Canvas(frame, component.data, /** @type {any} */ (window).vis);
  instance.canvas.update(component);
  return () => {
    // Streamlit also calls this for a call that was overtaken, while the element still stands.
    if (parent.isConnected) return;
    instances.get(parent)?.canvas?.destroy();
    instances.delete(parent);
  };
}
