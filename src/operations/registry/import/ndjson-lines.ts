import { StringDecoder } from 'node:string_decoder';
import { checkedLine, type ImportedLine } from './imported-line.js';

/** Longer than any line with a token's id needs to be. What is longer is passed over, not kept. */
const MAX_LINE_CHARS = 4096;

/** A JSON text in each line (as in RFC 7464 without its separators): `{"id": "…"}`. Empty lines are passed over. */
export async function* ndjsonLines(stream: AsyncIterable<Buffer>): AsyncIterable<readonly ImportedLine[]> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  let line = 0;
  for await (const chunk of stream) {
    const texts = (rest + decoder.write(chunk)).split('\n');
    // One character more than allowed is kept, so that the line is known for too long when it ends.
    rest = (texts.pop() ?? '').slice(0, MAX_LINE_CHARS + 1);
    yield texts.flatMap((text) => parsedLine(text, (line += 1)));
  }
  yield parsedLine(rest + decoder.end(), line + 1);
}

function parsedLine(text: string, line: number): readonly ImportedLine[] {
  if (text.length > MAX_LINE_CHARS) return [{ line, problem: `is longer than ${MAX_LINE_CHARS} characters` }];
  if (text.trim() === '') return [];
  try {
    const value = JSON.parse(text) as { id?: unknown } | null;
    return [checkedLine(line, value?.id)];
  } catch {
    return [{ line, problem: 'is not JSON' }];
  }
}
