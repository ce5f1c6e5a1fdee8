/** Mount: one instance for each element that Streamlit gives us, however often it calls. */

import { load, make } from "./dom.js";
import "./drop.js";
import { liveOf } from "./live.js";

/**
 * `frame`: the class of the element Python made; `place`: what is shown; `files`: addresses of what
 * must be there first. Streamlit calls what it returns.
 */
export function mounter(kind) {
	const instances = new WeakMap();
	return async (component) => {
		const { data, parentElement: parent } = component;
		const frame = parent.querySelector(`.${kind.frame}`);
		liveOf(data); // the server tells its story while what shows it is still being made
		try {
			const files = kind.files(data).map((file) => new URL(file, location.href).href);
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
			// Streamlit also calls this for a call that was overtaken: then the element still stands.
			if (parent.isConnected) return;
			instances.get(parent)?.destroy();
			instances.delete(parent);
		};
	};
}
