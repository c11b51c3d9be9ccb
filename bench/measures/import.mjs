// Tokens by the registry's bulk import, as operators do it: over HTTP, streamed, and by the command line.
import { gateway } from '../contenders/gateway.mjs';
import { importByCli } from '../load/import-cli.mjs';
import { importOverHttp } from '../load/import-http.mjs';
import { provisionFile, tokenId } from '../registry.mjs';
import { mb, ms, perSecond } from '../report/cells.mjs';

const ndjsonLine = (id) => `{"id":"${id}"}\n`;
const csvLine = (id) => `${id}\n`;

const WAYS = [
  { name: 'NDJSON over HTTP', line: ndjsonLine, run: importOverHttp, options: { type: 'application/x-ndjson' } },
  { name: 'CSV over HTTP', line: csvLine, run: importOverHttp, options: { type: 'text/csv' } },
  { name: 'CSV, `d1-gateway token import`', line: csvLine, run: importByCli, options: {} },
];

export async function measureImport({ engine, importTokens, say }) {
  const results = [];
  for (const way of WAYS) results.push({ way, ...(await measured(engine, way, importTokens)) });
  const rows = results.map(({ way, seconds, before, maxRssMb }) => [
    way.name,
    ms(seconds * 1000),
    perSecond(importTokens / seconds),
    before === undefined ? '' : mb(before),
    mb(maxRssMb),
  ]);
  say(rows);
  const head = [`${importTokens.toLocaleString('en')} tokens`, 'Time', 'Tokens', 'RSS before', 'RSS at most'];
  const most = (key) => Math.max(...results.map((result) => result[key]));
  const values = {
    [`import.${engine.key}.seconds`]: most('seconds'),
    [`import.${engine.key}.max-mb`]: most('maxRssMb'),
  };
  const notes = ['RSS is that of the process which imports: the gateway, or the command beside a gateway that runs.'];
  return { title: `Import on ${engine.name}`, head, rows, notes, values };
}

async function measured(engine, { name, line, run, options }, tokens) {
  const database = await engine.empty();
  try {
    const server = await gateway.start(database, { provision: provisionFile([], ['gateway:operate']) });
    const result = await run({ server, database, lines: linesOf(line, tokens), ...options });
    await server.stop();
    const stored = await engine.count(database, 'tokens');
    if (stored !== tokens) throw new Error(`${name}: ${tokens} tokens were imported, ${stored} are on disk`);
    return result;
  } finally {
    await engine.drop(database);
  }
}

const LINES_PER_CHUNK = 500;

function* linesOf(line, tokens) {
  for (let from = 1; from <= tokens; from += LINES_PER_CHUNK) {
    const count = Math.min(LINES_PER_CHUNK, tokens - from + 1);
    yield Array.from({ length: count }, (_, index) => line(tokenId(from + index))).join('');
  }
}
