import type { Provider } from '@nestjs/common';
import type { Client, Pool, PoolConfig } from 'pg';
import { RateLimiterMemory, RateLimiterPostgres } from 'rate-limiter-flexible';
import { GatewayConfig, type PostgresConfig } from '../../config/gateway-config.js';
import { APPLICATION_NAME } from '../../database/data-source-options.js';
import { loadPostgresDriver } from '../../database/drivers.js';
import { impatientClient } from '../../database/impatient-client.js';
import { tlsOptions } from '../../database/tls-options.js';
import { GuessLimiters } from './guess-limiters.js';
import { GUESS_TABLE, SharedGuesses } from './shared-guesses.js';

const WINDOW_SECONDS = 60;
/** Who guesses one client's secret has many addresses; who mistypes it has one, or a few. */
const CLIENT_SHARE = 10;
/** More than the one address can add to it before it is over its own limit. */
const TOGETHER_SHARE = 2;

/** Whoever is refused waits so long for the count, and the right client for nothing at all. */
const ANSWER_MS = 500;
/** Connections apart from those of the intake, which guesses then cannot keep from it. */
const CONNECTIONS = 2;

const limits = (perMinute: number) => ({
  byAddress: { keyPrefix: 'address', points: perMinute, duration: WINDOW_SECONDS },
  byClient: { keyPrefix: 'client', points: perMinute * CLIENT_SHARE, duration: WINDOW_SECONDS },
  together: { keyPrefix: 'together', points: perMinute * TOGETHER_SHARE, duration: WINDOW_SECONDS },
});

/** Instances on one PostgreSQL count together; on SQLite there is one. */
export const guessLimitersProvider: Provider = {
  provide: GuessLimiters,
  inject: [GatewayConfig],
  useFactory: ({ auth, database }: GatewayConfig): GuessLimiters => {
    const { byAddress, byClient, ...limit } = limits(auth.guessLimitPerMinute);
    const together = new RateLimiterMemory(limit.together);
    if (database.engine === 'sqlite') {
      return { byAddress: new RateLimiterMemory(byAddress), byClient: new RateLimiterMemory(byClient), together };
    }
    const guesses = new SharedGuesses(poolOf(database));
    const shared = (limit: typeof byAddress) =>
      new RateLimiterPostgres({
        ...limit,
        storeClient: guesses,
        storeType: 'pool',
        tableName: GUESS_TABLE,
        // Made by a migration, and tidied by `SharedGuesses`.
        tableCreated: true,
        clearExpiredByTimeout: false,
        // From there on nothing is asked for the rest of the minute: a flood of guesses is none of the database.
        inMemoryBlockOnConsumed: limit.points,
        insuranceLimiter: new RateLimiterMemory(limit),
      });
    return Object.assign(guesses, { byAddress: shared(byAddress), byClient: shared(byClient), together });
  },
};

function poolOf({ url, tls }: PostgresConfig): Pool {
  // The pool takes a class to connect by, which its types do not tell.
  const options: PoolConfig & { Client: typeof Client } = {
    connectionString: url,
    ssl: tlsOptions(tls),
    max: CONNECTIONS,
    connectionTimeoutMillis: ANSWER_MS,
    application_name: `${APPLICATION_NAME} guesses`,
    keepAlive: true,
    Client: impatientClient(ANSWER_MS),
  };
  const { Pool: ClientPool } = loadPostgresDriver();
  return new ClientPool(options);
}
