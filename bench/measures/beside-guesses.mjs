// The intake while somebody guesses the client's secret, which is a chosen one and so is hashed slowly.
import { GuessFlood } from '../load/guess-flood.mjs';
import { HEAD, intakeWithAndWithout, rowOf } from './intake-with-and-without.mjs';

/** A flood lasts: its beginning, on code that has not run before, counts for as much as it is of so long. */
const LEAST_SECONDS = 10;
/** Fewer are no flood, and the measure then says nothing. */
const FEWEST_GUESSES_PER_SECOND = 20;

export async function measureBesideGuesses(context) {
  const { engine, base: plain, say } = context;
  const seconds = Math.max(context.seconds, LEAST_SECONDS);
  let guesses = 0;
  const disturb = async ({ server }) => {
    const flood = await GuessFlood.start(server.url);
    return async () => {
      guesses = await flood.stop();
      if (guesses < FEWEST_GUESSES_PER_SECOND * seconds) throw new Error(`There were ${guesses} guesses only`);
    };
  };
  // The same database: what differs is what goes on beside.
  const [beside, alone] = await intakeWithAndWithout({ ...context, seconds }, { base: { ...plain }, plain, disturb });
  const rows = [
    rowOf('intake alone', alone),
    rowOf(`while a secret is guessed, ${Math.round(guesses / seconds)} times a second`, beside),
  ];
  say(rows);
  const values = { [`beside-guesses.${engine.key}.p99`]: beside.p99Ms / alone.p99Ms };
  return { title: `Intake under a flood of guesses on ${engine.name}`, head: HEAD, rows, values };
}
