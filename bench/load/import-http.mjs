// An import over HTTP, as the tokens come.
import { once } from 'node:events';
import { request } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { gateway } from '../contenders/gateway.mjs';
import { MERCHANT_GATEWAY_ID, MERCHANT_ID } from '../registry.mjs';

const SAMPLE_MS = 250;
const PATH = `/registry/merchant-gateways/${MERCHANT_GATEWAY_ID}/merchants/${MERCHANT_ID}/tokens/import`;

/** @param {{ server, lines: Iterable<string>, type: string }} options */
export async function importOverHttp({ server, lines, type }) {
  const authorization = await gateway.authorize(server);
  const samples = [server.rssMb()];
  const timer = setInterval(() => samples.push(server.rssMb()), SAMPLE_MS);
  const startedMs = performance.now();
  try {
    await upload(server.url, { authorization, 'content-type': type }, lines);
    const seconds = (performance.now() - startedMs) / 1000;
    return { seconds, before: samples[0], maxRssMb: Math.max(...samples) };
  } finally {
    clearInterval(timer);
  }
}

async function upload(url, headers, lines) {
  const call = request(`${url}${PATH}`, { method: 'POST', headers });
  const [[answer]] = await Promise.all([once(call, 'response'), pipeline(Readable.from(lines), call)]);
  let text = '';
  for await (const chunk of answer.setEncoding('utf8')) text += chunk;
  const last = text.trim().split('\n').at(-1);
  if (answer.statusCode !== 200 || JSON.parse(last).type !== 'done') throw new Error(`The import failed: ${last}`);
}
