/** Room: how high the lanes are, as this browser last had them. */

const PLACE = "fanfold-lanes";

export function recallRoom() {
	try {
		for (const size of document.querySelectorAll(".ff-room")) {
			size.checked = size.value === (localStorage.getItem(PLACE) ?? "small");
			size.onchange = () => localStorage.setItem(PLACE, size.value);
		}
	} catch {
		// Without a storage the page forgets it.
	}
}
