import type { Provider } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { SqliteWriter } from '../../database/sqlite-writer.js';
import { NotificationsRepository } from './notifications.repository.js';
import { PostgresNotificationsRepository } from './postgres-notifications.repository.js';
import { SqliteNotificationsRepository } from './sqlite-notifications.repository.js';

/** The repository of the engine in use. */
export const notificationsRepositoryProvider: Provider = {
  provide: NotificationsRepository,
  inject: [DataSource, SqliteWriter],
  useFactory: (dataSource: DataSource, writer: SqliteWriter | null): NotificationsRepository =>
    writer ? new SqliteNotificationsRepository(writer) : new PostgresNotificationsRepository(dataSource),
};
