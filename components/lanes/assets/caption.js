/** Caption: what happens at a moment of a replay, in words. */

import { oneFor } from "../live/keep.js";
import { seconds, shorten } from "../live/format.js";

const PLACES = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"];
const NUMBERS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
const MOST_NAMES = 3;
const LONGEST_NAME = 40;
const ENDS = {
	finished: "The run is finished",
	failed: "The run failed",
	cancelled: "The run was cancelled",
	interrupted: "The run was interrupted",
};

export class Caption {
	/** Say what the step is that a replay has come to. `data`: names the nodes, and their stages. */
	at(replay, { nodes, stages }, run) {
		if (this.of !== replay) Object.assign(this, { of: replay, places: placesOf(replay.steps, stages) });
		const names = new Map(nodes.map(({ id, name }) => [id, name]));
		const step = replay.steps.findLast(({ at }) => at <= replay.at);
		const said = step ? this.says(step, (key) => nameOf(key, names)) : "The run begins";
		const over = replay.at >= replay.length && ENDS[run?.status];
		return [said, over].filter(Boolean).join(" · ");
	}

	/** Nodes that did the same are said together. */
	says({ events }, name) {
		const said = new Map();
		for (const event of events) {
			const [one, many] = wordsOf(event, this.places.get(event.key));
			const who = oneFor(said, one, () => ({ keys: [], many }));
			who.keys.push(event.key);
		}
		return [...said].map(([one, { keys, many }]) => `${listed(keys.map(name))}${keys.length > 1 ? many : one}`).join(" · ");
	}
}

/** What one did, and what several did that did the same. */
function wordsOf({ kind, told, attempt }, place) {
	if (kind === "began") return [" begins", " begin"];
	if (kind === "began again") return [`'s ${tryOf(attempt)} begins`, `: ${tryOf(attempt)} begins`];
	if (kind === "broke") {
		const { delay_s } = told.retries[attempt - 1];
		const wait = delay_s > 0 ? `; it waits ${seconds(delay_s)}` : "";
		return [`'s ${tryOf(attempt)} fails${wait}`, `: ${tryOf(attempt)} fails${wait}`];
	}
	if (told.reused) return [" is reused", " are reused"];
	if (told.status === "failed") return [among(" fails", place), " fail"];
	if (told.status !== "finished") return [` is ${told.status}`, ` are ${told.status}`];
	if (told.error) return [" gives its fallback", " give their fallbacks"];
	return [among(" finishes", place), " finish"];
}

function among(words, place) {
	return place ? `${words}, ${place}` : words;
}

/** At which place each came to its end among those of its stage, or among the items of its node. */
function placesOf(steps, stages) {
	const stageOf = new Map(stages.flatMap((ids, place) => ids.map((id) => [id, place])));
	const groups = new Map();
	for (const { key, kind, told } of steps.flatMap(({ events }) => events)) {
		const [id, item] = key.split("[");
		const did = kind === "ended" && told.started !== null && told.status !== "cancelled";
		if (did) oneFor(groups, item ? `${id}[` : stageOf.get(id), () => []).push(key);
	}
	const every = [...groups.values()].filter(({ length }) => length > 1);
	return new Map(every.flatMap((keys) => keys.map((key, place) => [key, placeOf(place, keys.length)])));
}

function placeOf(place, count) {
	const said = place === count - 1 ? "last" : PLACES[place] ?? place + 1;
	return `${said} of ${NUMBERS[count] ?? count}`;
}

function tryOf(attempt) {
	const place = PLACES[attempt - 1];
	return place ? `${place} attempt` : `attempt ${attempt}`;
}

function nameOf(key, names) {
	const [id, item] = key.split("[");
	const name = shorten(names.get(id) ?? id, LONGEST_NAME);
	return item ? `${name} (item ${parseInt(item, 10) + 1})` : name;
}

function listed(names) {
	const more = names.splice(MOST_NAMES).length;
	const last = more ? `${more} more` : names.length > 1 ? names.pop() : "";
	return [names.join(", "), last].filter(Boolean).join(" and ");
}
