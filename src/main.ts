import 'reflect-metadata';
import { createGateway } from './app.setup.js';
import { ConfigurationError, loadConfig } from './config/load-config.js';
import { UnfitDatabase } from './database/unfit-database.js';
import { listen } from './http/listen.js';
import { merchants } from './merchants.js';
import { namingTeam } from './teams/naming-team.js';
import { welcome } from './welcome.js';

try {
  const config = loadConfig(process.env);
  const app = await createGateway(config);
  await listen(app, config);
  welcome(app, config);
} catch (error) {
  console.error(startupProblem(namingTeam(error, merchants)));
  process.exit(1);
}

/** What an operator can mend is told in a line; anything else with its stack. */
function startupProblem(error: unknown): unknown {
  if (error instanceof ConfigurationError || error instanceof UnfitDatabase) return error.message;
  if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE')
    return 'Another process listens on this port. Set PORT to a free one.';
  return error;
}
