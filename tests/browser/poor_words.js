(parts) => {
	const paint = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
	const read = (colour) => {
		paint.clearRect(0, 0, 1, 1);
		paint.fillStyle = colour;
		paint.fillRect(0, 0, 1, 1);
		const [red, green, blue, alpha] = paint.getImageData(0, 0, 1, 1).data;
		return [red, green, blue, alpha / 255];
	};
	const over = (one, other) => [0, 1, 2].map((at) => one[at] * one[3] + other[at] * (1 - one[3]));
	const light = (colour) => {
		const parts = colour.map((part) => part / 255);
		const [red, green, blue] = parts.map((part) => (part <= 0.04 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
		return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
	};
	const lineOf = (element) => (element ? [...lineOf(element.parentElement), element] : []);
	const poor = (text) => {
		const element = text.parentElement;
		const words = text.textContent.trim();
		// What stands in a bar is told by the colours of the bars, a sign is no word.
		const left = "style, button:disabled, [data-testid=stIconMaterial], [data-place=in], [data-place=queue]";
		if (words.length < 2 || element.closest(left)) return [];
		if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) return [];
		const range = document.createRange();
		range.selectNodeContents(text);
		if (range.getBoundingClientRect().width < 2) return [];
		const line = lineOf(element).map((each) => getComputedStyle(each));
		const ground = line.reduce((below, { backgroundColor }) => over(read(backgroundColor), below), [255, 255, 255]);
		const colour = read(line.at(-1).color);
		colour[3] *= line.reduce((all, { opacity }) => all * opacity, 1);
		const [dim, bright] = [light(over(colour, ground)), light(ground)].sort((one, other) => one - other);
		const size = parseFloat(line.at(-1).fontSize);
		const contrast = (bright + 0.05) / (dim + 0.05);
		if (!size || (size >= 12 && contrast >= 4.5)) return [];
		return [`${words.slice(0, 40)}: ${size} px, ${contrast.toFixed(2)}`];
	};
	return document.querySelectorAll(parts.join()).values().flatMap((root) => {
		const texts = [];
		const walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
		while (walk.nextNode()) texts.push(walk.currentNode);
		return texts.flatMap(poor);
	}).toArray();
}
