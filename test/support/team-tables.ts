import 'reflect-metadata';
import type { Type } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load-config.js';
import { dataSourceOptions } from '../../src/database/data-source-options.js';
import { openDataSource } from '../../src/database/open-data-source.js';
import { entities } from '../../src/entities.js';
import { schemaOf } from '../../src/teams/schema-of-teams.js';
import { createTestDatabase, type TestDatabase } from './test-database.js';

/** A team's migrations make the tables that its entities describe, on the engine under test, and can be taken back. */
export function describeTeamTables(module: Type): void {
  describe(`the tables of ${module.name}`, () => {
    let database: TestDatabase;
    let dataSource: DataSource;

    beforeEach(async () => {
      database = await createTestDatabase();
      const { entities: own, migrations } = schemaOf([module]);
      const options = dataSourceOptions(loadConfig(database.env).database, migrations);
      dataSource = await openDataSource({ ...options, entities: [...entities, ...own] });
    });
    afterEach(async () => {
      await dataSource.destroy();
      await database.drop();
    });

    const drift = async (): Promise<string[]> =>
      (await dataSource.driver.createSchemaBuilder().log()).upQueries.map(({ query }) => query);

    it('are those that its entities describe, and stay so', async () => {
      expect(await drift()).toEqual([]);

      for (const _migration of dataSource.migrations) await dataSource.undoLastMigration();
      await dataSource.runMigrations();

      expect(await drift()).toEqual([]);
    });
  });
}
