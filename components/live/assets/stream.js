/** Stream: server-sent events over a websocket: of the real ones browsers hold six a host. */

const FIRST_WAIT_MS = 400;
const LONGEST_WAIT_MS = 5000;
/** A server that was started anew does not know a page of the one before. */
const UNKNOWN_PAGE = 4403;

export class Stream {
	constructor(address, hear) {
		this.address = address.replace(/^http/, "ws");
		this.hear = hear;
		this.wait = FIRST_WAIT_MS;
		this.open();
	}

	open() {
		this.socket = new WebSocket(this.address);
		this.socket.onmessage = ({ data }) => this.tell(data);
		this.socket.onclose = ({ code }) => {
			if (code === UNKNOWN_PAGE) return location.reload();
			this.lost ??= performance.now();
			this.timer = setTimeout(() => this.open(), this.wait);
			this.wait = Math.min(2 * this.wait, LONGEST_WAIT_MS);
		};
	}

	/** `text`: two lines: `event: NAME` and `data: JSON`. */
	tell(text) {
		this.wait = FIRST_WAIT_MS;
		this.lost = null;
		const [name, data] = text.split("\n", 2);
		this.hear(name.slice(7), JSON.parse(data.slice(6)));
	}

	close() {
		clearTimeout(this.timer);
		this.socket.onclose = null;
		this.socket.close();
	}
}
