import { Readable, Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { startProgress } from '../../../src/cli/progress.js';

const CHUNKS = ['a'.repeat(300), 'b'.repeat(500), 'c'.repeat(200)].map((text) => Buffer.from(text));

/** What a bar is written to, and all that was. */
class Output extends Writable {
  text = '';

  constructor(readonly isTTY: boolean) {
    super();
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

/** As the import does: reads line by line what the bar watches. */
async function read(output: Output, totalBytes: number | undefined): Promise<number> {
  const stream = Readable.from(CHUNKS);
  const progress = startProgress(totalBytes, stream, output);
  let bytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes === 800) progress.log('line 7: is not CSV');
  }
  progress.stop();
  return bytes;
}

/** Whole lines, as a terminal without cursor would show them. */
// eslint-disable-next-line no-control-regex
const linesOf = ({ text }: Output): string[] => text.replaceAll(/\u001B(?:\[[0-9?;]*[A-Za-z]|[78])/g, '\n').split('\n');

describe('the progress of an import', () => {
  it('is a bar on a terminal, full at the end, with bad lines above it; it takes no byte from who reads', async () => {
    const output = new Output(true);

    expect(await read(output, 1000)).toBe(1000);

    const lines = linesOf(output).filter(Boolean);
    expect(lines.at(-1)).toMatch(/^\u25A0+ 100 % {2}\S+$/);
    expect(lines.filter((line) => line === 'line 7: is not CSV')).toHaveLength(1);
    expect(lines.indexOf('line 7: is not CSV')).toBeLessThan(lines.length - 1);
  });

  it('shows how far it has come', () => {
    const output = new Output(true);
    const stream = Readable.from([]);
    const progress = startProgress(1000, stream, output);
    stream.emit('data', Buffer.alloc(250));
    progress.stop();

    expect(linesOf(output).findLast(Boolean)).toContain(' 25 % ');
  });

  it.each([
    ['is no terminal', false, 1000],
    ['is to be filled from who knows how many bytes', true, undefined],
  ])('is no bar where the output %s, but bad lines are told', async (_what, isTTY, totalBytes) => {
    const output = new Output(isTTY);

    expect(await read(output, totalBytes)).toBe(1000);

    expect(output.text).toBe('line 7: is not CSV\n');
  });
});
