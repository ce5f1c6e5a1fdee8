/** Stream: an EventSource over a websocket. Browsers hold six real ones a host for all tabs. */

const FIRST_WAIT_MS = 400;
const LONGEST_WAIT_MS = 5000;

export class Stream extends EventTarget {
	constructor(address) {
		super();
		this.address = address.replace(/^http/, "ws");
		this.wait = FIRST_WAIT_MS;
		this.open();
	}

	open() {
		this.socket = new WebSocket(this.address);
		this.socket.onmessage = ({ data }) => this.tell(data);
		this.socket.onclose = () => {
			this.timer = setTimeout(() => this.open(), this.wait);
			this.wait = Math.min(2 * this.wait, LONGEST_WAIT_MS);
		};
	}

	/** `text`: two lines: `event: NAME` and `data: JSON`. */
	tell(text) {
		this.wait = FIRST_WAIT_MS;
		const [name, data] = text.split("\n", 2);
		this.dispatchEvent(new MessageEvent(name.slice(7), { data: data.slice(6) }));
	}

	close() {
		clearTimeout(this.timer);
		this.socket.onclose = null;
		this.socket.close();
	}
}
