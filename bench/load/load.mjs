// One run of load on one server, by the generator at hand.
import { randomInt, randomUUID } from 'node:crypto';
import { watchCores } from '../processes/cores.mjs';
import { BASIC, MERCHANT_ID, notifyPath, tokenId, TOKENS } from '../registry.mjs';
import { cannon } from './autocannon.mjs';
import { HAS_WRK, wrk } from './wrk.mjs';

export const GENERATOR = HAS_WRK ? 'wrk' : 'autocannon';

/** Notifications for random ones of `tokens` tokens. */
export async function notifyUpdate({
  url,
  authorization,
  connections,
  seconds,
  tokens = TOKENS,
  merchantId = MERCHANT_ID,
}) {
  const upToNumber = notifyPath('', merchantId).replace('/notify-update', tokenId(0).slice(0, -8));
  return run(seconds, () =>
    HAS_WRK
      ? wrk({
          url,
          connections,
          seconds,
          script: 'notify-update.lua',
          args: [authorization, upToNumber, tokens, randomInt(2 ** 31)],
        })
      : cannon({
          url,
          connections,
          seconds,
          request: { method: 'POST' },
          nextRequest: () => ({
            path: notifyPath(tokenId(randomInt(tokens) + 1), merchantId),
            headers: { authorization, 'x-correlation-id': randomUUID() },
          }),
        }),
  );
}

/** Access tokens, each for the right credentials. */
export async function accessTokens({ url, path, connections, seconds }) {
  const headers = { authorization: BASIC, 'content-type': 'application/x-www-form-urlencoded' };
  return run(seconds, () =>
    HAS_WRK
      ? wrk({ url, connections, seconds, script: 'access-token.lua', args: [BASIC, path] })
      : cannon({
          url,
          connections,
          seconds,
          request: { method: 'POST', path, headers, body: 'grant_type=client_credentials' },
        }),
  );
}

/** @returns throughput a second, latencies in milliseconds, the generator's CPU and how busy the cores were, 0 to 1 */
async function run(seconds, generate) {
  const busy = watchCores();
  const result = await generate();
  if (result.refused + result.broken > 0) {
    throw new Error(`${result.refused} answers were no 2xx, ${result.broken} requests broke off`);
  }
  return {
    ...result,
    perSecond: result.requests / result.seconds,
    generatorCpu: result.cpuSeconds / result.seconds,
    busy: busy(),
  };
}
