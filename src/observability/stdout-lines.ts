// pino's own stream measures all that waits to be written anew for each line that is added to it; with some dozens of lines
// waiting, that made a third of all garbage and 5 µs a line. And each write is a thread that is woken, on the intake's core: a
// fifth of what a notification cost. So what is printed in some milliseconds is given to it as one.
import { pino, type DestinationStream } from 'pino';

const HAND_OVER_MS = 10;
/** So much at a time that it is not split: what a pipe takes. */
const MAX_CHARS = 65_536;

/** Standard output, a line at a time, which waits for no reader. */
export function stdoutLines(): DestinationStream {
  const stream = pino.destination({ dest: 1, sync: false });
  let lines: string[] = [];
  let chars = 0;
  let timer: NodeJS.Timeout | undefined;
  const handOver = (): void => {
    const text = lines.join('');
    clearTimeout(timer);
    timer = undefined;
    lines = [];
    chars = 0;
    if (text !== '') stream.write(text);
  };
  // Before pino's own listener, which writes what the stream has.
  process.prependListener('exit', handOver);
  return {
    write(line) {
      lines.push(line);
      chars += line.length;
      if (chars >= MAX_CHARS) handOver();
      else timer ??= setTimeout(handOver, HAND_OVER_MS).unref();
    },
  };
}
