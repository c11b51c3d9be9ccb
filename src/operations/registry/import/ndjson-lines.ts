import { checkedLine, type ImportedLine } from './imported-line.js';
import { importedLines } from './imported-lines.js';

/** A JSON text in each line (as in RFC 7464 without its separators): `{"id": "…"}`. */
export function ndjsonLines(stream: AsyncIterable<Buffer>): AsyncIterable<readonly ImportedLine[]> {
  return importedLines(stream, (text, line) => {
    try {
      const value = JSON.parse(text) as { id?: unknown } | null;
      return [checkedLine(line, value?.id)];
    } catch {
      return [{ line, problem: 'is not JSON' }];
    }
  });
}
