/** Messages: what nodes were given, read from the run's records when somebody asks for it. */

const AGAIN_MS = 1500;

export class Messages {
	constructor() {
		this.run = "";
		this.known = new Map();
		this.askedAt = -Infinity;
	}

	/**
	 * @param {{run: string, address: string, token: string}} where `address`: where runs are
	 * @param {() => void} come called when more is known
	 * @returns {string} the message, empty while it is not known
	 */
	of(key, where, come) {
		if (this.run !== where.run) {
			Object.assign(this, { run: where.run, known: new Map(), askedAt: -Infinity });
		}
		const found = this.known.get(key);
		if (found === undefined && performance.now() - this.askedAt > AGAIN_MS) this.ask(where, come);
		return found ?? "";
	}

	async ask({ run, address, token }, come) {
		this.askedAt = performance.now();
		const url = new URL(`${address}/${encodeURIComponent(run)}/records`, window.location.href);
		const response = await fetch(url, { headers: { "x-fanfold-token": token } }).catch(() => null);
		if (!response?.ok || run !== this.run) return;
		for (const line of (await response.text()).split("\n")) {
			if (!line.includes('"node_started"')) continue;
			const { event } = JSON.parse(line);
			this.known.set(event.node, event.message ?? "");
		}
		this.askedAt = performance.now();
		come();
	}
}
