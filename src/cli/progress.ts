import { MultiBar, Presets } from 'cli-progress';
import type { Readable } from 'node:stream';

export interface Progress {
  /** A line above the bar. */
  log(line: string): void;
  stop(): void;
}

/**
 * A bar over the bytes that are read, on standard error and only where that is a terminal.
 *
 * @param totalBytes undefined where nobody knows; there is no bar then
 */
export function startProgress(totalBytes: number | undefined, stream: Readable): Progress {
  if (totalBytes === undefined || !process.stderr.isTTY) {
    return { log: (line) => process.stderr.write(`${line}\n`), stop: () => undefined };
  }
  const bars = new MultiBar({ format: '{bar} {percentage} %  {eta_formatted}', stream: process.stderr }, Presets.rect);
  const bar = bars.create(totalBytes, 0);
  stream.on('data', (chunk: Buffer) => bar.increment(chunk.length));
  return { log: (line) => bars.log(`${line}\n`), stop: () => bars.stop() };
}
