// "Get Access Token": the gateway, the floor and oidc-provider.
import { floorOfAccessTokens, oidcProvider } from '../contenders/access-tokens.mjs';
import { gateway } from '../contenders/gateway.mjs';
import { accessTokens } from '../load/load.mjs';
import { BASIC } from '../registry.mjs';
import { generator, ms, percent, perSecond, ratio } from '../report/cells.mjs';
import { medians } from '../report/statistics.mjs';
import { inTurn } from './in-turn.mjs';

const CONNECTIONS = 64;
const CONTENDERS = [{ ...gateway, path: '/oauth2/token' }, floorOfAccessTokens, oidcProvider];

export async function measureAccessToken({ engine, base, rounds, seconds, warmUpSeconds, say }) {
  const database = await engine.copy(base);
  const servers = [];
  try {
    for (const contender of CONTENDERS) servers.push({ ...contender, server: await contender.start(database) });
    for (const server of servers) await assertGivesAccessToken(server);
    const run =
      (lengthSeconds) =>
      ({ server, path }) =>
        accessTokens({ url: server.url, path, connections: CONNECTIONS, seconds: lengthSeconds });
    await inTurn(1, servers, run(warmUpSeconds));
    const results = (await inTurn(rounds, servers, run(seconds))).map(medians);
    const rows = results.map((result, index) => rowOf(result, index, results[0]));
    say(rows);
    const [ours, floor, oidc] = results;
    return {
      title: `Access tokens, ${CONNECTIONS} connections`,
      head: ['Server', 'Throughput', 'Gateway / this', 'p50', 'p99', 'p99.9', "Server's core", 'Generator'],
      rows,
      values: {
        'access-token.of-floor': ours.perSecond / floor.perSecond,
        'access-token.of-oidc-provider': ours.perSecond / oidc.perSecond,
      },
    };
  } finally {
    for (const { server } of servers) await server.stop();
    await engine.drop(database);
  }
}

function rowOf(result, index, ours) {
  return [
    CONTENDERS[index].name,
    perSecond(result.perSecond),
    index === 0 ? '' : ratio(ours.perSecond / result.perSecond),
    ms(result.p50Ms),
    ms(result.p99Ms),
    ms(result.p999Ms),
    percent(result.busy.server),
    generator(result),
  ];
}

async function assertGivesAccessToken({ name, server, path }) {
  const answer = await fetch(`${server.url}${path}`, {
    method: 'POST',
    headers: { authorization: BASIC },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  const { access_token: accessToken = '' } = await answer.json();
  if (answer.status !== 200 || accessToken.split('.').length !== 3)
    throw new Error(`${name} gives no JWT: ${answer.status}`);
}
