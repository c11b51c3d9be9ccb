import { gateway } from '../contenders/gateway.mjs';
import { provisionFile, TOKENS } from '../registry.mjs';

/**
 * A database as the gateway has migrated and provisioned it, with tokens (and more) filled in: what every contestant
 * gets a copy of.
 *
 * @param engine
 * @param {{ merchants?: object[], fills?: object[], env?: Record<string, string> }} [content] `merchants` besides the one of
 *   the bench, and what is filled in
 */
export async function makeBase(engine, { merchants = [], fills = [{ tokens: TOKENS }], env = {} } = {}) {
  const database = await engine.empty();
  const server = await gateway.start(database, { env, provision: provisionFile(merchants) });
  await server.stop();
  for (const fill of fills) await engine.fill(database, fill);
  return database;
}
