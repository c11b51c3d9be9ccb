import type { GatewayConfig } from '../../config/gateway-config.js';
import { loadConfig } from '../../config/load-config.js';
import { errorLine } from '../error-line.js';
import { examineConfiguration } from './configuration.js';
import { examineDatabase } from './database.js';
import { examineDisk } from './disk.js';
import { failure, type Finding } from './finding.js';
import { examineTls } from './tls.js';

type Examination = (config: GatewayConfig) => Promise<readonly Finding[]>;

const EXAMINATIONS: Readonly<Record<string, Examination>> = {
  configuration: examineConfiguration,
  database: examineDatabase,
  tls: examineTls,
  disk: examineDisk,
};

/** Looks at everything, one after the other; what cannot be looked at is a failure of its own. */
export async function examine(variables: Parameters<typeof loadConfig>[0]): Promise<readonly Finding[]> {
  let config: GatewayConfig;
  try {
    config = loadConfig(variables);
  } catch (error) {
    return [
      failure('configuration', errorLine(error), 'Correct the settings named; docs/configuration.md has them all.'),
    ];
  }
  const findings: Finding[] = [];
  for (const [name, examination] of Object.entries(EXAMINATIONS)) {
    try {
      findings.push(...(await examination(config)));
    } catch (error) {
      findings.push(
        failure(name, errorLine(error), 'This could not be examined. Mend the cause and run doctor again.'),
      );
    }
  }
  return findings;
}
