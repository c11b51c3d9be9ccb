import { maskPanInJson } from '../privacy/mask-pan.js';

/** JSON escapes the C0 controls; these move a terminal, or end a line for some readers, just as well. */
const UNESCAPED = /[\u007F-\u009F\u2028\u2029]/g;

/** A line of the log as it is written, whoever made it and whatever it holds. */
export function logLine(line: string): string {
  return escapeControls(maskPanInJson(line));
}

/** JSON in which every control is escaped. */
export function escapeControls(json: string): string {
  return json.replaceAll(UNESCAPED, (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
