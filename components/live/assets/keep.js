/** Keep: what this tab remembers over a reload. A full or forbidden storage only forgets sooner. */

export function recall(place) {
	try {
		return JSON.parse(sessionStorage.getItem(place) ?? "null");
	} catch {
		return null;
	}
}

export function keep(place, value) {
	try {
		if (value === null) sessionStorage.removeItem(place);
		else sessionStorage.setItem(place, JSON.stringify(value));
	} catch {
		// Nothing is lost but what a reload would have brought back.
	}
}

/** What the map has for the key, made where it has nothing. */
export function oneFor(map, key, make) {
	if (!map.has(key)) map.set(key, make());
	return map.get(key);
}
