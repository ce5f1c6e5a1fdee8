/** Result: what the end nodes give, streaming as it comes, then as it is; and what went wrong. */

import { make, setAttribute, setText } from "../live/dom.js";
import { outputText, seconds, tokens } from "../live/format.js";
import { Answer, textOf } from "./answer.js";
import { partsOf } from "./parts.js";

export class Result {
	constructor() {
		Object.assign(this, partsOf("result"));
		this.known = new Map();
		this.said = "";
		this.opening = new Answer();
		this.down = true; // the end of the text is in sight, and kept there while more comes
		this.failed.onclick = () => this.live.again("failed");
		const { root, foot } = this;
		const tell = ([{ isIntersecting }]) => root.toggleAttribute("data-more", !isIntersecting);
		new IntersectionObserver(tell, { root }).observe(foot);
		this.root.onscroll = () => {
			const { scrollHeight, scrollTop, clientHeight } = this.root;
			this.down = scrollHeight - scrollTop - clientHeight < 24;
		};
	}

	draw({ ends, nodes, live, raw, asCompleted, presented, step }) {
		const { run } = live;
		this.live = live;
		const ended = (key) => live.nodes[key]?.status === "finished";
		const told = (key) => textOf(live, key) || ended(key) || (step && live.nodes[key]?.error);
		const wanted = step ? step.ids ?? [] : ends;
		const results = inOrder(wanted.filter(told), live, asCompleted && !step);
		// Without a result there is something to read all the same: what the others say, or said.
		const others = () => [...nodes.keys()].filter((key) => textOf(live, key));
		const early = results.length || step ? [] : others();
		const shown = early.length ? early : results;
		for (const [key, { root }] of this.known) {
			root.hidden = !shown.includes(key);
			root.style.order = shown.indexOf(key); // they were made as the first words came
		}
		this.open(step?.about, raw);
		this.answers.toggleAttribute("data-early", early.length > 0 || (presented && shown.length > 1));
		const titled = nodes.size > 1;
		const more = shown.filter((key) => this.drawAnswer(key, { nodes, live, raw, titled, presented, step }));
		this.drawErrors(ends, nodes, live);
		this.mend.hidden = !live.canAgain || !live.isFlawed;
		const broken = ["cancelled", "interrupted"].includes(run?.status);
		setText(this.failed, broken ? "Run what is missing" : "Retry failed only");
		const now = live.armed ? "running" : run?.status ?? "idle";
		const status = step ? "step" : live.replay && now === "running" ? "replayed" : now;
		setAttribute(this.root, "data-status", status);
		this.root.toggleAttribute("data-full", shown.length > 0 || this.said !== "" || Boolean(step));
		this.root.toggleAttribute("data-local", Boolean(run?.model.startsWith("local/")));
		setText(this.foot, run && run.status !== "running" ? usage(live) : "");
		const grows = live.busy && !step;
		if (this.down && grows && more.length && !early.length) this.root.scrollTop = 1e9;
		const place = step?.ids ?? step?.about ?? grows;
		if (place !== this.place && !grows) this.root.scrollTop = 0; // to be read from its beginning
		this.place = place;
	}

	/** What a presented stage begins with, before the results of it. */
	open(about, raw) {
		if (!about) return this.opening.root.remove();
		this.opening.draw("", about, { writing: false, raw });
		if (!this.opening.root.isConnected) this.answers.prepend(this.opening.root);
	}

	drawAnswer(key, { nodes, live, raw, titled, presented, step }) {
		let answer = this.known.get(key);
		if (!answer) {
			this.known.set(key, (answer = new Answer()));
			this.answers.append(answer.root);
		}
		const { why, branches, status, ended, error } = live.nodes[key] ?? {};
		const race = why && !branches?.length ? ` · ${why}` : "";
		const time = presented ? "" : { finished: ` · at ${seconds(ended)}`, running: " · writing…" }[status] ?? "";
		const taken = step && (branches?.length ? `→ ${branches.join(", ")}` : status === "failed" && error);
		const items = presented && (live.run?.outputs[key] ?? live.nodes[key]?.output);
		const list = Array.isArray(items) && items.map((item, place) => `${place + 1}. ${outputText(item)}`).join("\n");
		const name = `${nodes.get(key)?.name ?? key}${time}${race}`;
		return answer.draw(titled ? name : "", taken || list || textOf(live, key), {
			writing: status === "running",
			raw,
		});
	}

	drawErrors(ends, nodes, { run, nodes: told }) {
		const flaws = Object.entries(told).map(([key, node]) => [key, flawOf(node, key, ends, run)]);
		const errors = [...Object.entries(run?.errors ?? {}), ...flaws.filter(([, flaw]) => flaw)];
		const whole = [run?.error, run?.unsaved].filter(
			(sentence) => sentence && !errors.some(([, each]) => sentence.includes(each)),
		);
		const key = whole.length || errors.length ? JSON.stringify([whole, errors]) : "";
		if (key === this.said) return;
		this.said = key;
		const lines = errors.map(([node, sentence]) => {
			const name = nodes.get(node)?.name ?? titleOf(node, nodes, told);
			return sentence.includes(name) ? sentence : `${name}: ${sentence}`;
		});
		const failed = Object.keys(run?.errors ?? {}).length;
		const red = failed || run?.status !== "finished" ? whole.length + failed : 0;
		const draw = (text, place) =>
			make("p", { class: "ff-error", "data-flaw": place >= red, dir: "auto", text });
		this.errors.replaceChildren(...[...whole, ...lines].map(draw));
	}

	/** What Copy takes. */
	text({ ends, nodes, live, asCompleted }) {
		const parts = inOrder(ends, live, asCompleted).map((key) => [nodes.get(key)?.name ?? key, textOf(live, key)]);
		const full = parts.filter(([, text]) => text);
		if (full.length < 2) return full[0]?.[1] ?? "";
		return full.map(([name, text]) => `## ${name}\n\n${text}`).join("\n\n");
	}
}

/** In the order of the links, or as they were completed. */
function inOrder(ends, { nodes }, asCompleted) {
	const at = (key) => nodes[key]?.ended ?? Infinity;
	return asCompleted ? [...ends].sort((one, other) => at(one) - at(other) || 0) : ends;
}

/** What a result does not tell: an answer cut off, a fallback that stands in, an end not reached. */
function flawOf({ status, error, reason, items }, key, ends, run) {
	if (status === "finished") return error ? `${error} Its fallback stands in.` : items == null && reason; // its items say it
	return status === "skipped" && ends.includes(key) && run?.status === "failed" ? `not reached, ${reason}` : "";
}

/** An item by its number from 1 and its text, as its lane says it. */
function titleOf(key, nodes, told) {
	const [id, item] = key.split("[");
	if (!item) return key;
	const place = parseInt(item, 10);
	return `${nodes.get(id)?.name ?? id}, ${place + 1} · ${told[id]?.titles?.[place] ?? ""}`;
}

function usage({ nodes }) {
	const counts = Object.values(nodes).map((node) => node.tokens);
	const known = counts.filter((count) => count != null);
	const total = known.length ? tokens(known.reduce((sum, count) => sum + count, 0)) : "";
	const models = new Set(Object.values(nodes).map((node) => node.model).filter(Boolean));
	return [[...models].join(", "), total].filter(Boolean).join(" · ");
}
