import { ExampleVaultModule } from '@gateway/merchant-example-vault';
import { merchants } from '../../src/merchants.js';
import { describeTeamTables } from '../support/team-tables.js';

for (const module of new Set([ExampleVaultModule, ...merchants])) describeTeamTables(module);
