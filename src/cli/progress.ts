import { MultiBar, Presets } from 'cli-progress';
import type { Readable, Writable } from 'node:stream';

export interface Progress {
  /** A line above the bar. */
  log(line: string): void;
  stop(): void;
}

/**
 * A bar over the bytes that are read, where what it is written to is a terminal.
 *
 * @param totalBytes undefined where nobody knows; there is no bar then
 */
export function startProgress(
  totalBytes: number | undefined,
  stream: Readable,
  output: Writable & { readonly isTTY?: boolean } = process.stderr,
): Progress {
  if (totalBytes === undefined || !output.isTTY) {
    return { log: (line) => void output.write(`${line}\n`), stop: () => undefined };
  }
  const bars = new MultiBar({ format: '{bar} {percentage} %  {eta_formatted}', stream: output }, Presets.rect);
  const bar = bars.create(totalBytes, 0);
  stream.on('data', (chunk: Buffer) => bar.increment(chunk.length));
  const stop = (): void => {
    // Lines that it has not written yet are lost when it stops.
    bars.update();
    bars.stop();
  };
  return { log: (line) => bars.log(`${line}\n`), stop };
}
