/** Player: plays a run that is over once more, on the lanes and the canvas alike. */

import { on, setAttribute, setText } from "../live/dom.js";
import { readStory } from "../live/control.js";
import { seconds } from "../live/format.js";
import { icon } from "../live/icons.js";

export class Player {
	constructor(parts, live) {
		Object.assign(this, parts);
		this.live = live;
		this.replayed.prepend(icon("play", 14));
		this.leave.append(icon("close", 14));
		this.before.append(icon("previous", 16));
		this.after.append(icon("next", 16));
		this.before.onclick = () => this.replay.jump(-1);
		this.after.onclick = () => this.replay.jump(1);
		this.end = on(document, "keydown", (event) => this.press(event));
		this.replayed.onclick = () => this.open(this.live.run.id).then(() => this.go.focus());
		this.go.onclick = () => (this.replay.playing ? this.replay.pause() : this.replay.play());
		this.speed.onchange = () => this.hasten();
		this.at.oninput = () => this.replay.seek(Number(this.at.value));
		this.leave.onclick = () => {
			live.endReplay();
			this.draw(this.data);
			this.replayed.focus();
		};
	}

	get replay() {
		return this.live.replay;
	}

	/** By comma and full stop, where nobody writes. */
	press({ key, target, ctrlKey, metaKey, altKey }) {
		const by = { ",": -1, ".": 1 }[key];
		const writes = target.closest("input:not([type=range]), textarea, select, [contenteditable], [role=dialog]");
		if (by && this.replay && !this.data.presented && !writes && !ctrlKey && !metaKey && !altKey) this.replay.jump(by);
	}

	async open(run) {
		try {
			this.live.play(await readStory(this.data.addresses, run));
			this.hasten();
			this.replay.play();
		} catch (error) {
			this.trouble = error.message;
		}
		this.draw(this.data);
	}

	hasten() {
		if (this.replay) this.replay.speed = Number(this.speed.value);
	}

	draw(data) {
		this.data = data;
		const { live, replay } = this;
		const told = replay ? "" : this.trouble;
		this.player.hidden = !replay && !told && !data.note;
		for (const part of [this.before, this.go, this.after, this.speed, this.at, this.clock, this.leave]) {
			part.hidden = !replay;
		}
		this.caption.hidden = !replay;
		this.replayed.hidden = Boolean(replay) || live.busy || !live.run;
		setText(this.note, told || data.note);
		this.note.toggleAttribute("data-trouble", Boolean(told));
		if (!replay) return;
		replay.moved = () => this.move();
		this.move();
	}

	move() {
		const { replay } = this;
		if (!replay) return;
		const { at, length, playing } = replay;
		if (this.playing !== playing) {
			this.playing = playing;
			this.go.replaceChildren(icon(playing ? "pause" : "play", 16));
			const word = playing ? "Pause" : "Play";
			Object.assign(this.go, { title: word, ariaLabel: word });
		}
		this.before.disabled = at <= 0;
		this.after.disabled = at >= length;
		setAttribute(this.at, "max", length);
		this.at.value = at;
		setAttribute(this.caption, "aria-live", playing ? "off" : "polite"); // too much to be read out
		setText(this.caption, replay.said);
		setText(this.clock, `${at.toFixed(1)} / ${seconds(length)}`);
		setAttribute(this.at, "aria-valuetext", `${at.toFixed(1)} of ${seconds(length)}`);
	}
}
