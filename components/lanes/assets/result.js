/** Result: what the end nodes give, streaming as it comes, then as it is; and what went wrong. */

import { make, setAttribute, setText } from "../live/dom.js";
import { outputText, seconds, shorten } from "../live/format.js";
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
		const told = (key) => {
			const { status, note } = live.nodes[key] ?? {};
			return textOf(live, key) || status === "finished" || (step && note);
		};
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
		setText(this.foot, run?.used ?? "");
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
		const { note, branches, status, ended, error } = live.nodes[key] ?? {};
		const time = presented ? "" : { finished: ` · at ${seconds(ended)}`, running: " · writing…" }[status] ?? "";
		const taken = step && (branches?.length ? `→ ${branches.join(", ")}` : status === "failed" && error);
		const items = presented && (live.run?.outputs[key] ?? live.nodes[key]?.output);
		const list = items && typeof items === "object" && wordsOf(items, key, live);
		const said = note ? ` · ${note}` : "";
		const name = `${nodes.get(key)?.name ?? key}${time}${said}`;
		return answer.draw(titled ? name : "", taken || list || textOf(live, key), {
			writing: status === "running",
			raw,
		});
	}

	drawErrors(ends, nodes, { run, nodes: told }) {
		const missed = (key) => ends.includes(key) && run?.status === "failed";
		const flaws = Object.entries(told)
			.filter(([key, { flaw, status }]) => flaw && (status === "finished" || missed(key)))
			.map(([key, { flaw }]) => [key, flaw]);
		const errors = [...Object.entries(run?.errors ?? {}), ...flaws];
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

/** A list or an object as people read it; answers of items beside what they are of: who failed gave none. */
function wordsOf(value, key, live) {
	const done = live.itemsOf(key).filter((each) => live.nodes[each].status === "finished");
	const titles = done.length === value.length ? live.nodes[key].titles : [];
	const parts = Object.entries(value).map(([name, part]) => {
		const title = value.length >= 0 ? titles[parseInt(done[name]?.split("[")[1])] : name;
		const lines = Array.isArray(part) && part.map((each) => `\n- ${outputText(each)}`);
		const text = lines ? lines.join("") : outputText(part);
		const long = text.includes("\n");
		if (!title && !long) return `${+name + 1}. ${text}`;
		return `**${shorten(title ?? `${+name + 1}`, 90)}**${long ? "\n\n" : " · "}${text}`;
	});
	return parts.join("\n\n");
}

/** In the order of the links, or as they were completed. */
function inOrder(ends, { nodes }, asCompleted) {
	const at = (key) => nodes[key]?.ended ?? Infinity;
	return asCompleted ? [...ends].sort((one, other) => at(one) - at(other) || 0) : ends;
}

/** An item by its number from 1 and its text, as its lane says it. */
function titleOf(key, nodes, told) {
	const [id, item] = key.split("[");
	if (!item) return key;
	const place = parseInt(item);
	return `${nodes.get(id)?.name ?? id}, ${place + 1} · ${told[id]?.titles?.[place] ?? ""}`;
}
