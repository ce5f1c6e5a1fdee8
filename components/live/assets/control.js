/** Control: asking the server to start a run, and to stop it. */

export function startRun({ runs, token }, wish) {
	return post(runs, token, wish);
}

export function stopRun({ runs, token }, run) {
	return post(`${runs}/${encodeURIComponent(run)}/cancel`, token, {});
}

/** Read what was told during a run that is over. */
export function readStory({ runs, token }, run) {
	return ask(`${runs}/${encodeURIComponent(run)}/story`, token, {});
}

function post(address, token, body) {
	return ask(address, token, { method: "POST", body: JSON.stringify(body) });
}

async function ask(address, token, wish) {
	const response = await fetch(new URL(address, location.href), {
		...wish,
		headers: { "content-type": "application/json", "x-fanfold-token": token },
	}).catch(() => {
		throw new Error("Fanfold's server does not answer. Start it again and reload this page.");
	});
	const answer = await response.json().catch(() => ({}));
	if (!response.ok) throw new Error(answer.error || `The server said no (${response.status}).`);
	return answer;
}
