import { Inject, Injectable, type OnApplicationShutdown, type Provider } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { GatewayConfig } from '../../config/gateway-config.js';
import { NotificationsRepository } from './notifications.repository.js';
import { PostgresNotificationsRepository } from './postgres-notifications.repository.js';
import { SqliteNotificationsRepository } from './sqlite-notifications.repository.js';

/** Closes the intake's own connection once the HTTP server has drained. */
@Injectable()
class RepositoryCloser implements OnApplicationShutdown {
  constructor(@Inject(NotificationsRepository) private readonly repository: NotificationsRepository) {}

  onApplicationShutdown(): void {
    if (this.repository instanceof SqliteNotificationsRepository) this.repository.close();
  }
}

/** The repository of the engine in use. It takes the data source so as to be made after the migrations. */
export const notificationsRepositoryProviders: Provider[] = [
  {
    provide: NotificationsRepository,
    inject: [GatewayConfig, DataSource],
    useFactory: ({ database }: GatewayConfig, dataSource: DataSource): NotificationsRepository =>
      database.engine === 'sqlite'
        ? new SqliteNotificationsRepository(database.file)
        : new PostgresNotificationsRepository(dataSource),
  },
  RepositoryCloser,
];
