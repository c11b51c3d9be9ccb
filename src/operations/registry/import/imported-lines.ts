import { StringDecoder } from 'node:string_decoder';
import type { ImportedLine } from './imported-line.js';

/** Longer than any line with a token's id needs to be. What is longer is passed over, not kept. */
const MAX_LINE_CHARS = 4096;

/** What a line that is not empty says; undefined where it says nothing. */
export type LineReader = (text: string, line: number) => readonly [ImportedLine] | undefined;

/** Line by line, whatever stands in them: what is wrong with one is nothing to the next. Empty ones are passed over. */
export async function* importedLines(
  stream: AsyncIterable<Buffer>,
  read: LineReader,
): AsyncIterable<readonly ImportedLine[]> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  let line = 0;
  for await (const chunk of stream) {
    const texts = (rest + decoder.write(chunk)).split('\n');
    // One character more than allowed is kept, so that the line is known for too long when it ends.
    rest = (texts.pop() ?? '').slice(0, MAX_LINE_CHARS + 1);
    yield texts.flatMap((text) => readLine(text, (line += 1), read));
  }
  yield readLine(rest + decoder.end(), line + 1, read);
}

function readLine(text: string, line: number, read: LineReader): readonly ImportedLine[] {
  if (text.length > MAX_LINE_CHARS) return [{ line, problem: `is longer than ${MAX_LINE_CHARS} characters` }];
  // A byte order mark, too, is white space to this.
  const content = text.trim();
  return content === '' ? [] : (read(content, line) ?? []);
}
