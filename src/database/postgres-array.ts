// pg writes arrays, too, of anything, and looks at each element several times for that.

/** What PostgreSQL would take for the end of an element, or for an escape. */
const SPECIAL = /["\\]/;
const ALL_SPECIAL = /["\\]/g;

type Element = string | number | boolean | null;

/** An array as PostgreSQL's text format has it (8.15.6); numbers and booleans may be quoted as texts are. */
export function arrayOf(elements: readonly Element[]): string {
  if (elements.length === 0) return '{}';
  if (elements.includes(null)) return `{${elements.map(quoted).join(',')}}`;
  // The commas with their quotes at once: a piece for each element and its comma was a tenth of a notification's garbage.
  return `{"${elements.map(escaped).join('","')}"}`;
}

function quoted(element: Element): string {
  return element === null ? 'null' : `"${escaped(element)}"`;
}

function escaped(element: Element): Element {
  return typeof element === 'string' && SPECIAL.test(element) ? element.replace(ALL_SPECIAL, '\\$&') : element;
}
