import { checkedLine, type ImportedLine } from './imported-line.js';
import { importedLines } from './imported-lines.js';

/** RFC 4180, section 2, but for line breaks in quotes; spaces around a field are let pass. The first field is captured. */
const RECORD = /^(?:\s*"((?:[^"]|"")*)"\s*|([^",]*))(?:,(?:\s*"(?:[^"]|"")*"\s*|[^",]*))*$/;

/**
 * CSV, the ids in the first column; a first line `id` is a header. A record is a line: with breaks in quotes, one that is
 * left open would take the good lines after it with it.
 */
export function csvLines(stream: AsyncIterable<Buffer>): AsyncIterable<readonly ImportedLine[]> {
  return importedLines(stream, (text, line) => {
    const record = RECORD.exec(text);
    if (!record) return [{ line, problem: 'is not CSV' }];
    const id = record[1] ?? record[2]?.trim();
    return line === 1 && id === 'id' ? undefined : [checkedLine(line, id)];
  });
}
