// Intake and access tokens under load, by autocannon.
import autocannon from 'autocannon';
import { BASIC, BenchGateway, notifyPaths, row } from './gateway.mjs';

/** @param seconds of each row */
export async function benchIntake(seconds) {
  const gateway = await BenchGateway.create();
  try {
    // The first start migrates and registers; the second is what an operator sees from then on.
    await gateway.start();
    await gateway.stop();
    row('start to ready', `${await gateway.start()} ms`);
    row('RSS idle', `${gateway.rssMb()} MB`);
    const headers = { authorization: await gateway.authorization() };
    const notify = { url: gateway.url, method: 'POST', headers, requests: notifyPaths().map((path) => ({ path })) };
    await load({ ...notify, connections: 64, duration: 3 });
    for (const connections of [1, 16, 64, 256]) {
      print(`notify-update, ${connections} connections`, await load({ ...notify, connections, duration: seconds }));
    }
    row('RSS after the load', `${gateway.rssMb()} MB`);
    print('access token, 64 connections', await load({ ...accessToken(gateway), connections: 64, duration: seconds }));
  } finally {
    await gateway.close();
  }
}

function accessToken({ url }) {
  const headers = { authorization: BASIC, 'content-type': 'application/x-www-form-urlencoded' };
  return { url: `${url}/oauth2/token`, method: 'POST', headers, body: 'grant_type=client_credentials' };
}

async function load(options) {
  const cpuBefore = process.cpuUsage();
  const startedMs = performance.now();
  const result = await autocannon(options);
  const { user, system } = process.cpuUsage(cpuBefore);
  return { ...result, generatorCpu: (user + system) / 1000 / (performance.now() - startedMs) };
}

function print(name, { requests: { average }, latency, non2xx, errors, generatorCpu }) {
  const saturated = generatorCpu > 0.95 ? ' (saturated: the gateway can do more)' : '';
  row(
    name,
    `${Math.round(average)}/s  p50 ${latency.p50} ms  p99 ${latency.p99} ms  p99.9 ${latency.p99_9} ms  ` +
      `not 2xx ${non2xx}  errors ${errors}  generator CPU ${Math.round(generatorCpu * 100)} %${saturated}`,
  );
}
