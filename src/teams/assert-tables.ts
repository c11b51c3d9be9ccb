import { getMetadataArgsStorage } from 'typeorm';
import { ConfigurationError } from '../config/load-config.js';
import type { Team } from './team.js';

/** @throws ConfigurationError where an entity's table is not the team's own, or has no migration for one of the engines */
export function assertTables({ team, tablePrefix, entities = [], migrations }: Team): void {
  const tables = getMetadataArgsStorage().tables;
  for (const entity of entities) {
    const name = tables.find(({ target }) => target === entity)?.name;
    if (!name?.startsWith(tablePrefix)) {
      throw new ConfigurationError(`Team ${team}: the table of ${entity.name} must begin with ${tablePrefix}`);
    }
  }
  const { sqlite = [], postgres = [] } = migrations ?? {};
  if (entities.length > 0 && (sqlite.length === 0 || postgres.length === 0)) {
    throw new ConfigurationError(`Team ${team}: entities need migrations for SQLite and for PostgreSQL`);
  }
}
