/** Step: a moment of a run at which nodes came to another state, and to which. */

import { oneFor } from "./keep.js";

/** In this order they are told: what ended lets others begin. */
const KINDS = ["ended", "broke", "began again", "began"];

/**
 * `scenes`: `[seconds, event, body]`. Each step: `at`, and its `events`: the `key` of a node, its
 * `kind`, how it is then `told`, and where an attempt is meant, its number from 1.
 */
export function stepsOf(scenes) {
	const events = new Map();
	const known = {};
	const note = (at, event) => oneFor(events, at, () => []).push(event);
	for (const [at, , { nodes }] of scenes) {
		for (const [key, told] of Object.entries(nodes ?? {})) {
			for (const change of changesOf(known[key], told)) note(at, { key, told, ...change });
			known[key] = told;
		}
	}
	for (const [key, told] of Object.entries(known)) {
		for (const [place, { at, delay_s }] of told.retries.entries()) {
			const again = at + delay_s;
			if (again < (told.ended ?? scenes.at(-1)[0])) note(again, { key, told, kind: "began again", attempt: place + 2 });
		}
	}
	return [...events.keys()].sort((one, other) => one - other).map((at) => ({ at, events: inOrder(events.get(at)) }));
}

/** What is new of a node; of one that began and ended in the same moment only the end. */
function* changesOf(before, told) {
	for (let place = before?.retries.length ?? 0; place < told.retries.length; place++) {
		yield { kind: "broke", attempt: place + 1 };
	}
	if (told.ended !== null) {
		if ((before?.ended ?? null) === null) yield { kind: "ended" };
	} else if (told.started !== null && (before?.started ?? null) === null) yield { kind: "began" };
}

function inOrder(events) {
	const ranks = ({ kind, told }) => [KINDS.indexOf(kind), told.ended, told.started].map(Number);
	const apart = (one, other) => one.map((rank, place) => rank - other[place]).find(Boolean) ?? 0;
	return events.sort((one, other) => apart(ranks(one), ranks(other)));
}
