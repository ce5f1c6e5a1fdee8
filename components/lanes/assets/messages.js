/** Messages: what nodes were given, and their records, read when somebody asks for them. */

const AGAIN_MS = 1500;

export class Messages {
	constructor() {
		this.known = new Map();
	}

	/** What is known of a node; `come` is called when it is more. */
	of(key, run, addresses, come) {
		const place = `${run.id} ${run.status}`;
		if (this.place !== place) Object.assign(this, { place, known: new Map(), askedAt: -Infinity });
		const found = this.known.get(key);
		if (!found && performance.now() - this.askedAt > AGAIN_MS) this.ask(run.id, addresses, come);
		return found;
	}

	async ask(run, { runs, token }, come) {
		this.askedAt = performance.now();
		const { place } = this;
		const address = `${runs}/${encodeURIComponent(run)}/records`;
		const headers = { "x-fanfold-token": token };
		const response = await fetch(address, { headers }).catch(() => null);
		const lines = response?.ok ? (await response.text()).split("\n") : [];
		if (place !== this.place) return;
		this.known.clear();
		let start;
		for (const line of lines) {
			if (!line || line.includes('"type":"text_delta"')) continue;
			const { at, event } = JSON.parse(line);
			const { node, type, message } = event;
			start ??= at;
			if (!node) continue;
			if (!this.known.has(node)) this.known.set(node, { message: "", lines: [], times: [] });
			const told = this.known.get(node);
			told.lines.push(line);
			told.times.push(at - start);
			if (type === "node_started") told.message = message ?? "";
		}
		come();
	}
}
