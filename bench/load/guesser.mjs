// Guesses on many connections, as fast as answers come: the client's secret, and every second time one of a client that there is
// not, of which each is another to look for. Run by guess-flood.mjs.
import { once } from 'node:events';
import { setPriority } from 'node:os';
import { Pool } from 'undici';
import { CLIENT } from '../registry.mjs';

const CONNECTIONS = 128;
const LOWEST_PRIORITY = 19;

const [, , url] = process.argv;
setPriority(LOWEST_PRIORITY);
const pool = new Pool(url, { connections: CONNECTIONS });
let guesses = 0;
const ending = new AbortController();

process.send('ready');
await once(process, 'message');
const guessers = Promise.all(Array.from({ length: CONNECTIONS }, (_, nth) => guess(nth)));
// Told at the end.
guessers.catch(() => undefined);
await once(process, 'message');
ending.abort();
process.send(
  await guessers.then(
    () => guesses,
    (error) => error.message,
  ),
);
await pool.destroy();
process.disconnect();

async function guess(nth) {
  for (let turn = 0; !ending.signal.aborted; turn += 1) {
    // Each another secret: the same one, asked for again, would be checked once.
    const clientId = turn % 2 === 0 ? CLIENT.clientId : `nobody-${nth}-${turn}`;
    const basic = Buffer.from(`${clientId}:guess-${nth}-${turn}`).toString('base64');
    const headers = { authorization: `Basic ${basic}`, 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await pool.request({
      path: '/oauth2/token',
      method: 'POST',
      headers,
      body: 'grant_type=client_credentials',
    });
    await answer.body.dump();
    if (answer.statusCode === 200) throw new Error('A guess was right');
    guesses += 1;
  }
}
