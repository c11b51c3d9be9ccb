import 'reflect-metadata';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { loadConfig } from './src/config/load-config.js';
import { dataSourceOptions } from './src/database/data-source-options.js';
import { entities } from './src/entities.js';
import { merchants } from './src/merchants.js';
import { schemaOf } from './src/teams/schema-of-teams.js';

const teams = schemaOf(merchants);

/** The same database the gateway uses, for the TypeORM CLI (`npm run typeorm -- migration:show`). */
export const options: DataSourceOptions = {
  ...dataSourceOptions(loadConfig(process.env).database, teams.migrations),
  entities: [...entities, ...teams.entities],
};

export default new DataSource(options);
