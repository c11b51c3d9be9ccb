// Somebody who guesses, in a process of his own which yields: what guessing takes of the load's core is not the server's doing.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { atExit } from '../processes/at-exit.mjs';

export class GuessFlood {
  /** @param {string} url of the server @returns when it has begun */
  static async start(url) {
    const flood = new GuessFlood();
    flood.child = fork('bench/load/guesser.mjs', [url]);
    atExit(() => flood.child.kill('SIGKILL'));
    await once(flood.child, 'message');
    flood.child.send('begin');
    return flood;
  }

  /** @returns {Promise<number>} how many guesses were answered */
  async stop() {
    const ended = once(this.child, 'message');
    this.child.send('end');
    const [guesses] = await ended;
    if (typeof guesses !== 'number') throw new Error(String(guesses));
    return guesses;
  }
}
