/** What PostgreSQL would take for the end of an element, or for an escape. */
const SPECIAL = /["\\]/;
const ALL_SPECIAL = /["\\]/g;

/**
 * An array as PostgreSQL's text format has it (8.15.6). pg writes one, too, of anything, and looks at each element several
 * times for that.
 */
export function arrayOf(elements: readonly (string | number | boolean | null)[]): string {
  let text = '{';
  for (const element of elements) {
    if (text.length > 1) text += ',';
    text += typeof element === 'string' ? `"${escaped(element)}"` : String(element);
  }
  return `${text}}`;
}

function escaped(text: string): string {
  return SPECIAL.test(text) ? text.replace(ALL_SPECIAL, '\\$&') : text;
}
