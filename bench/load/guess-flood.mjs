// Somebody who guesses, on many connections, as fast as answers come: the client's secret, and every second time one of a client
// that there is not, of which each is another to look for.
import { Pool } from 'undici';
import { CLIENT } from '../registry.mjs';

const CONNECTIONS = 128;

export class GuessFlood {
  guesses = 0;
  going = true;

  /** @param {string} url of the server */
  static start(url) {
    const flood = new GuessFlood();
    flood.pool = new Pool(url, { connections: CONNECTIONS });
    flood.loops = Array.from({ length: CONNECTIONS }, (_, nth) => flood.#guess(nth));
    return flood;
  }

  async #guess(nth) {
    for (let turn = 0; this.going; turn += 1) {
      // Each another secret: the same one, asked for again, would be checked once.
      const clientId = turn % 2 === 0 ? CLIENT.clientId : `nobody-${nth}-${turn}`;
      const basic = Buffer.from(`${clientId}:guess-${nth}-${turn}`).toString('base64');
      const headers = { authorization: `Basic ${basic}`, 'content-type': 'application/x-www-form-urlencoded' };
      const answer = await this.pool.request({
        path: '/oauth2/token',
        method: 'POST',
        headers,
        body: 'grant_type=client_credentials',
      });
      await answer.body.dump();
      if (answer.statusCode === 200) throw new Error('A guess was right');
      this.guesses += 1;
    }
  }

  /** @returns how many guesses were answered */
  async stop() {
    this.going = false;
    await Promise.all(this.loops);
    await this.pool.close();
    return this.guesses;
  }
}
