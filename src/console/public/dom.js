// Elements from code: text is set as text, so nothing that a merchant or D1 wrote can become markup.

/**
 * @param {string} tag
 * @param {Record<string, any>} attributes `on…` are listeners
 * @param {...(Node | string | null)} children
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, '');
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, String(value));
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

/** @param {string} id @returns {HTMLElement} */
export function at(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`No element ${id}`);
  return element;
}

/**
 * Puts new content in place; whoever has the focus keeps it, as long as something with the same `data-key` is there.
 *
 * @param {string} id @param {...Node} content
 */
export function fill(id, ...content) {
  const place = at(id);
  const active = document.activeElement;
  const key = active instanceof HTMLElement && place.contains(active) ? active.dataset.key : undefined;
  place.replaceChildren(...content);
  if (key === undefined) return;
  for (const button of place.querySelectorAll('button')) if (button.dataset.key === key) button.focus();
}

/**
 * @param {string} caption
 * @param {readonly { head: string, numeric?: boolean }[]} columns
 * @param {readonly (readonly (Node | string)[])[]} rows the first cell names its row
 * @param {string} empty what is said where there are none
 */
export function table(caption, columns, rows, empty) {
  if (rows.length === 0) return h('p', { class: 'muted' }, empty);
  const isNumeric = (/** @type {number} */ index) => (columns[index]?.numeric ? 'numeric' : null);
  const head = columns.map(({ head }, index) => h('th', { scope: 'col', class: isNumeric(index) }, head));
  const body = rows.map((cells) =>
    h(
      'tr',
      {},
      ...cells.map((cell, index) =>
        h(index === 0 ? 'th' : 'td', { scope: index === 0 ? 'row' : null, class: isNumeric(index) }, cell),
      ),
    ),
  );
  return h('table', {}, h('caption', {}, caption), h('thead', {}, h('tr', {}, ...head)), h('tbody', {}, ...body));
}

/** @param {string} text @param {string} tone good, bad, warn or plain */
export function badge(text, tone) {
  return h('span', { class: `badge ${tone}` }, text);
}

/** @param {string} text */
export function code(text) {
  return h('code', {}, text);
}
