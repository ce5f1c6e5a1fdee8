/** Player: the clock of the replay, with its buttons. */

import { make, setAttribute, setText, sign } from "./elements.js";
import { seconds } from "./words.js";

const PLAY = "M6.5 4.3v11.4l9-5.7z";
const PAUSE = "M5.6 4.6h3v10.8h-3zM11.4 4.6h3v10.8h-3z";
const SPEEDS = ["0.5", "1", "4", "instant"];
const FINE = 1000;

export class Player {
	/**
	 * @param {number} wall how many seconds the run took
	 * @param {(at: number) => void} show called with the time that is to be seen
	 */
	constructor(wall, show) {
		this.wall = wall;
		this.show = show;
		this.at = wall;
		this.speed = "1";
		this.playing = false;
		this.last = 0;
		this.build();
		document.addEventListener("keydown", (event) => this.press(event));
		document.addEventListener("visibilitychange", () => (this.last = 0));
	}

	build() {
		this.icon = make("span", { class: "play-icon" }, sign(PLAY, { filled: true }));
		this.word = make("span", { text: "Play" });
		this.button = make(
			"button",
			{ class: "play", type: "button", testid: "play", on: { click: () => this.toggle() } },
			this.icon,
			this.word,
		);
		this.slider = make("input", {
			class: "slider",
			type: "range",
			min: 0,
			max: FINE,
			step: 1,
			testid: "scrubber",
			label: "Time of the run",
			on: { input: () => this.seek(Number(this.slider.value) / FINE) },
		});
		this.time = make("span", { class: "time", testid: "time" });
		this.choices = SPEEDS.map((speed) =>
			make("button", {
				class: "speed",
				type: "button",
				testid: `speed-${speed}`,
				text: speed === "instant" ? speed : `${speed}×`,
				on: { click: () => this.take(speed) },
			}),
		);
		const speeds = make("div", { class: "speeds", role: "group", label: "Speed" }, ...this.choices);
		this.element = make("div", { class: "player" }, this.button, this.slider, this.time, speeds);
	}

	toggle() {
		if (this.playing) this.pause();
		else this.play();
	}

	play() {
		if (this.speed === "instant") return this.seek(1);
		if (this.at >= this.wall) this.at = 0;
		this.playing = true;
		this.last = 0;
		requestAnimationFrame((time) => this.tick(time));
		this.draw();
	}

	pause() {
		this.playing = false;
		this.draw();
	}

	/** @param {number} part 0 is the start of the run, 1 its end */
	seek(part) {
		this.playing = false;
		this.at = Math.min(Math.max(part, 0), 1) * this.wall;
		this.draw();
	}

	take(speed) {
		this.speed = speed;
		if (speed === "instant") this.seek(1);
		else this.draw();
	}

	tick(time) {
		if (!this.playing) return;
		const passed = this.last ? (time - this.last) / 1000 : 0;
		this.last = time;
		this.at = Math.min(this.at + passed * Number(this.speed), this.wall);
		if (this.at >= this.wall) this.playing = false;
		this.draw();
		if (this.playing) requestAnimationFrame((next) => this.tick(next));
	}

	/** Space plays and pauses wherever it means nothing else. */
	press(event) {
		if (event.key !== " " || event.target.closest("button, input")) return;
		event.preventDefault();
		this.toggle();
	}

	draw() {
		setAttribute(this.button, "data-playing", this.playing);
		if (this.playing !== this.drawn) {
			this.drawn = this.playing;
			this.icon.replaceChildren(sign(this.playing ? PAUSE : PLAY, { filled: true }));
		}
		setText(this.word, this.playing ? "Pause" : "Play");
		const part = this.at / Math.max(this.wall, 0.001);
		this.slider.value = String(Math.round(part * FINE));
		this.slider.style.setProperty("--part", `${part * 100}%`);
		setAttribute(this.slider, "aria-valuetext", seconds(this.at));
		setText(this.time, `${seconds(this.at)} / ${seconds(this.wall)}`);
		for (const choice of this.choices) {
			setAttribute(choice, "aria-pressed", String(choice.dataset.testid === `speed-${this.speed}`));
		}
		this.show(this.at);
	}
}
