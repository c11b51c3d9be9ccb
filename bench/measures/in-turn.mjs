/**
 * Runs each in turn, and all of them again in each round: what else the machine does meets all of them alike.
 *
 * @template T, R
 * @param {number} rounds
 * @param {readonly T[]} runners
 * @param {(runner: T) => Promise<R>} run
 * @returns {Promise<R[][]>} the results of each, in the order given
 */
export async function inTurn(rounds, runners, run) {
  const results = runners.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, runner] of runners.entries()) results[index].push(await run(runner));
  }
  return results;
}
