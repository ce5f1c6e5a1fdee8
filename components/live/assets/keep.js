/** Keep: what this tab remembers over a reload. A full or forbidden storage only forgets sooner. */

/** @returns {any} what was kept there, or null */
export function recall(place) {
	try {
		return JSON.parse(window.sessionStorage.getItem(place) ?? "null");
	} catch {
		return null;
	}
}

/** @param {any} value null forgets */
export function keep(place, value) {
	try {
		if (value === null) window.sessionStorage.removeItem(place);
		else window.sessionStorage.setItem(place, JSON.stringify(value));
	} catch {
		// Nothing is lost but what a reload would have brought back.
	}
}
