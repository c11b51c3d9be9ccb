import { Logger as NestLogger } from '@nestjs/common';
import type { Logger } from 'typeorm';

/** TypeORM's own logger prints parameters, and with them secrets and payloads; this one never does. */
export class QueryLogger implements Logger {
  private readonly logger = new NestLogger('Database');

  logQuery(): void {}

  logQueryError(error: string | Error, query: string): void {
    const message = error instanceof Error ? error.message : error;
    this.logger.debug({ msg: 'Query failed', cause: message, query });
  }

  logQuerySlow(durationMs: number, query: string): void {
    this.logger.warn({ msg: 'Slow query', durationMs, query });
  }

  logSchemaBuild(): void {}

  logMigration(message: string): void {
    this.logger.debug(message);
  }

  log(level: 'log' | 'info' | 'warn', message: unknown): void {
    this.logger[level === 'warn' ? 'warn' : 'debug'](message);
  }
}
