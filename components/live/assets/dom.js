/** Element: making elements and filling them. Text from outside only ever goes in as text. */

/**
 * Make an element. `class`, `text`, `testid`, `label` (for screen readers), `hint` (tooltip) and
 * `on` ({event: handler}) have their own meaning; anything else is an attribute.
 * @param {string} tag
 * @param {Record<string, any>} [attributes]
 * @param {...(Node | null | undefined)} children
 * @returns {any}
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "class") element.className = value;
    else if (name === "text") element.textContent = value;
    else if (name === "testid") element.dataset.testid = value;
    else if (name === "label") element.setAttribute("aria-label", value);
    else if (name === "hint") element.title = value;
    else if (name === "on") {
      for (const [event, handler] of Object.entries(value)) element.addEventListener(event, handler);
    } else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/**
 * Set an element's text if it is another one: an unchanged text costs no layout.
 * @param {Element} element
 * @param {string} text
 */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * Set or take away an attribute if it is another one.
 * @param {Element} element
 * @param {string} name
 * @param {string | number | null} value null takes it away
 */
export function setAttribute(element, name, value) {
  if (value === null) {
    if (element.hasAttribute(name)) element.removeAttribute(name);
  } else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, String(value));
}

/**
 * Load a stylesheet once for the page.
 * @param {string} address
 * @returns {Promise<void>} resolves when it is in force, and also when it cannot be had
 */
export function loadStyle(address) {
  const known = document.querySelector(`link[data-fanfold="${CSS.escape(address)}"]`);
  if (known) return /** @type {any} */ (known).whenLoaded;
  const link = make("link", { rel: "stylesheet", href: address, "data-fanfold": address });
  link.whenLoaded = new Promise((resolve) => {
    link.onload = link.onerror = () => resolve(undefined);
  });
  document.head.append(link);
  return link.whenLoaded;
}

/**
 * Load a classic script once for the page.
 * @param {string} address
 * @returns {Promise<void>}
 */
export function loadScript(address) {
  const known = document.querySelector(`script[data-fanfold="${CSS.escape(address)}"]`);
  if (known) return /** @type {any} */ (known).whenLoaded;
  const script = make("script", { src: address, "data-fanfold": address });
  script.whenLoaded = new Promise((resolve, reject) => {
    script.onload = () => resolve(undefined);
    script.onerror = () => {
      script.remove();
      reject(new Error(`"${address}" could not be loaded.`));
    };
  });
  document.head.append(script);
  return script.whenLoaded;
}
