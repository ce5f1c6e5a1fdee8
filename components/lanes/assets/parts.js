/** Parts: pieces of the page, as lanes.html has them. */

/** Make a fresh copy: its `root`, and what is named in it. */
export function partsOf(skeleton) {
	const template = document.querySelector(`template[data-skeleton="${skeleton}"]`);
	const root = template.content.firstElementChild.cloneNode(true);
	const parts = { root };
	for (const part of root.querySelectorAll("[data-part]")) parts[part.dataset.part] = part;
	return parts;
}
