/** Stream: an EventSource over a websocket. Browsers hold six real ones a host, all tabs together. */

const FIRST_WAIT_MS = 400;
const LONGEST_WAIT_MS = 5000;

export class Stream extends EventTarget {
	/** @param {string} address http is read as ws */
	constructor(address) {
		super();
		this.address = address.replace(/^http/, "ws");
		this.closed = false;
		this.tries = 0;
		this.timer = 0;
		this.open();
	}

	open() {
		this.socket = new WebSocket(this.address);
		this.socket.addEventListener("message", ({ data }) => this.tell(data));
		this.socket.addEventListener("close", () => this.wait());
	}

	/** The server is not there: try again, less and less often. */
	wait() {
		if (this.closed) return;
		const wait = Math.min(FIRST_WAIT_MS * 2 ** this.tries, LONGEST_WAIT_MS);
		this.tries += 1;
		this.timer = window.setTimeout(() => this.open(), wait);
	}

	/** @param {string} text two lines: `event: NAME` and `data: JSON` */
	tell(text) {
		this.tries = 0;
		const [name, data] = text.split("\n", 2);
		this.dispatchEvent(new MessageEvent(name.slice(7), { data: data.slice(6) }));
	}

	close() {
		this.closed = true;
		window.clearTimeout(this.timer);
		this.socket.close();
	}
}
