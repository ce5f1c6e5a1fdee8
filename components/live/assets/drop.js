/** Drop: a file that is dropped on the page is opened as "Open" opens it. */

const PLACE = "[role=dialog] input[type=file]";
const OWN = "[data-testid=stFileUploaderDropzone]";
const DIALOG = ".st-key-open-json button";
const AT_REST = "[data-test-script-state=notRunning]";
const PATIENCE_MS = 20_000;

window.addEventListener("dragover", (event) => {
	if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
});
window.addEventListener("drop", take);

/** Streamlit's own places for files take what is dropped on them by themselves. */
function take(event) {
	const file = event.dataTransfer?.files[0];
	if (!file || event.target.closest?.(OWN)) return;
	event.preventDefault(); // the browser would leave the page for the file
	if (!document.querySelector(PLACE)) document.querySelector(DIALOG)?.click();
	give(file, performance.now() + PATIENCE_MS);
}

/** A place that is drawn anew loses what it is given, so the page has to be at rest. */
function give(file, until) {
	const place = document.querySelector(PLACE);
	if (place && document.querySelector(AT_REST)) {
		const carried = new DataTransfer();
		carried.items.add(file);
		place.files = carried.files;
		place.dispatchEvent(new Event("change", { bubbles: true }));
	} else if (performance.now() < until) {
		requestAnimationFrame(() => give(file, until));
	}
}
