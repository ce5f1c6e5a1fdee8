/** Mount: one instance for each element that Streamlit gives us, however often it calls. */

import { load, make } from "./dom.js";

/**
 * @typedef {{place: string, update: (component: any) => void, destroy: () => void}} Instance
 *   `place`: what it shows; another one takes its element over when that is another thing
 */

/**
 * @param {{frame: string, place: (data: any) => string, files: (data: any) => string[],
 *   make: (frame: HTMLElement, data: any) => Instance}} kind `frame`: the class of the element
 *   Python made; `files`: addresses of what must be there first
 * @returns {(component: any) => Promise<() => void>} what Streamlit calls, with data,
 *   parentElement and setStateValue; it answers with what ends the instance
 */
export function mounter(kind) {
	const instances = new WeakMap();
	return async (component) => {
		const { data, parentElement: parent } = component;
		const frame = parent.querySelector(`.${kind.frame}`);
		try {
			const files = kind.files(data).map((file) => new URL(file, window.location.href).href);
			await Promise.all(files.map(load));
		} catch (error) {
			frame.replaceChildren(make("p", { text: error.message }));
			return () => {};
		}
		let instance = instances.get(parent);
		if (instance && instance.place !== kind.place(data)) {
			instance.destroy();
			instance = undefined;
		}
		instance ??= kind.make(frame, data);
		instances.set(parent, instance);
		instance.update(component);
		return () => {
			// Streamlit also calls this for a call that was overtaken, while the element still stands.
			if (parent.isConnected) return;
			instances.get(parent)?.destroy();
			instances.delete(parent);
		};
	};
}
