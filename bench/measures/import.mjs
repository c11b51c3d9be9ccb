// Tokens by the registry's bulk import, as an operator does it: NDJSON, streamed.
import { once } from 'node:events';
import { request } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { gateway } from '../contenders/gateway.mjs';
import { MERCHANT_GATEWAY_ID, MERCHANT_ID, provisionFile, tokenId } from '../registry.mjs';
import { mb, ms, perSecond } from '../report/cells.mjs';

const SAMPLE_MS = 250;
const LINES_PER_CHUNK = 500;
const PATH = `/registry/merchant-gateways/${MERCHANT_GATEWAY_ID}/merchants/${MERCHANT_ID}/tokens/import`;

export async function measureImport({ engine, importTokens, say }) {
  const database = await engine.empty();
  try {
    const server = await gateway.start(database, { provision: provisionFile([], ['gateway:operate']) });
    const before = server.rssMb();
    const { seconds, maxRssMb } = await imported(server, importTokens);
    await server.stop();
    const stored = await engine.count(database, 'tokens');
    if (stored !== importTokens) throw new Error(`${importTokens} tokens were imported, ${stored} are on disk`);
    const rows = [
      [
        importTokens.toLocaleString('en'),
        ms(seconds * 1000),
        perSecond(importTokens / seconds),
        mb(before),
        mb(maxRssMb),
      ],
    ];
    say(rows);
    const head = ['Tokens, NDJSON over HTTP', 'Time', 'Tokens', 'RSS before', 'RSS at most'];
    return { title: `Import on ${engine.name}`, head, rows };
  } finally {
    await engine.drop(database);
  }
}

async function imported(server, tokens) {
  const authorization = await gateway.authorize(server);
  const samples = [server.rssMb()];
  const timer = setInterval(() => samples.push(server.rssMb()), SAMPLE_MS);
  const startedMs = performance.now();
  try {
    await upload(server.url, authorization, tokens);
    return { seconds: (performance.now() - startedMs) / 1000, maxRssMb: Math.max(...samples) };
  } finally {
    clearInterval(timer);
  }
}

async function upload(url, authorization, tokens) {
  const call = request(`${url}${PATH}`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/x-ndjson' },
  });
  const [[answer]] = await Promise.all([once(call, 'response'), pipeline(Readable.from(lines(tokens)), call)]);
  let text = '';
  for await (const chunk of answer.setEncoding('utf8')) text += chunk;
  const last = text.trim().split('\n').at(-1);
  if (answer.statusCode !== 200 || JSON.parse(last).type !== 'done') throw new Error(`The import failed: ${last}`);
}

function* lines(tokens) {
  for (let from = 1; from <= tokens; from += LINES_PER_CHUNK) {
    const count = Math.min(LINES_PER_CHUNK, tokens - from + 1);
    yield Array.from({ length: count }, (_, index) => `{"id":"${tokenId(from + index)}"}\n`).join('');
  }
}
