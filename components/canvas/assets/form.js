/** Form: the inspector beside the canvas. Until it is that of what is chosen, it takes no word. */

const PATIENCE_MS = 5000;

let release = () => {};

export function holdForm(ids) {
	const form = document.querySelector(".st-key-inspector");
	const wanted = [...ids].sort().join();
	const isThere = () => form.querySelector("[data-form-of]")?.dataset.formOf === wanted;
	release();
	if (!form || isThere()) return;
	const watch = new MutationObserver(() => isThere() && release());
	const late = setTimeout(() => release(), PATIENCE_MS);
	release = () => {
		form.inert = false;
		watch.disconnect();
		clearTimeout(late);
	};
	form.inert = true;
	watch.observe(form, { childList: true, subtree: true, attributes: true });
}
