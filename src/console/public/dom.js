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
 * A table that says what it is, cell by cell: on a narrow screen the style sheet lays it out as blocks, and what is laid out so
 * some browsers take for no table any more. There each cell is headed by its `data-head`.
 *
 * @param {string} caption
 * @param {readonly { head: string, numeric?: boolean }[]} columns
 * @param {readonly (readonly (Node | string)[])[]} rows the first cell names its row
 * @param {string} empty what is said where there are none
 */
export function table(caption, columns, rows, empty) {
  if (rows.length === 0) return h('p', { class: 'muted' }, empty);
  const isNumeric = (/** @type {number} */ index) => (columns[index]?.numeric ? 'numeric' : null);
  const head = columns.map(({ head }, index) =>
    h('th', { scope: 'col', role: 'columnheader', class: isNumeric(index) }, head),
  );
  const cell = (/** @type {Node | string} */ content, /** @type {number} */ index) =>
    index === 0
      ? h('th', { scope: 'row', role: 'rowheader' }, content)
      : h('td', { role: 'cell', class: isNumeric(index), 'data-head': columns[index]?.head }, content);
  const body = rows.map((cells) => h('tr', { role: 'row' }, ...cells.map(cell)));
  return h(
    'table',
    { role: 'table' },
    h('caption', {}, caption),
    h('thead', { role: 'rowgroup' }, h('tr', { role: 'row' }, ...head)),
    h('tbody', { role: 'rowgroup' }, ...body),
  );
}

/** @param {string} text @param {string} tone good, bad, warn or plain */
export function badge(text, tone) {
  return h('span', { class: `badge ${tone}` }, text);
}

/** @param {string} text */
export function code(text) {
  return h('code', {}, text);
}
