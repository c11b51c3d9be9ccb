import type { Provider } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { PayloadCipher } from '../../secrets/payload-cipher.js';
import { SqliteWriter } from '../../database/sqlite-writer.js';
import { NotificationsRepository } from './notifications.repository.js';
import { PostgresNotificationsRepository } from './postgres-notifications.repository.js';
import { SealedNotificationsRepository } from './sealed-notifications.repository.js';
import { SqliteNotificationsRepository } from './sqlite-notifications.repository.js';

/** The repository of the engine in use. */
export const notificationsRepositoryProvider: Provider = {
  provide: NotificationsRepository,
  inject: [DataSource, SqliteWriter, PayloadCipher],
  useFactory: (dataSource: DataSource, writer: SqliteWriter | null, cipher: PayloadCipher): NotificationsRepository => {
    const plain = writer ? new SqliteNotificationsRepository(writer) : new PostgresNotificationsRepository(dataSource);
    return cipher.isOn ? new SealedNotificationsRepository(plain, cipher) : plain;
  },
};
