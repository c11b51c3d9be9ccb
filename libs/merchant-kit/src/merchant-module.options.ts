import type { Type } from '@nestjs/common';
import type { MigrationInterface } from 'typeorm';
import type { DestinationKind } from './destination-kind.js';
import type { EventMapper } from './event-mapper.js';
import type { MerchantHandler } from './merchant-handler.js';
import type { NotificationFilter } from './notification-filter.js';
import type { TokenDirectory } from './token-directory.js';

/** A team's migrations for each engine. The class names are unique over all teams, and end in a timestamp. */
export interface TeamMigrations {
  /** Run where the gateway keeps its data in the embedded database. */
  readonly sqlite: readonly Type<MigrationInterface>[];
  /** Run where it keeps them in PostgreSQL. */
  readonly postgres: readonly Type<MigrationInterface>[];
}

/**
 * What a team brings. Classes named here are providers of the team's own module; the gateway takes them from there.
 */
export interface MerchantModuleOptions {
  /**
   * The team's name: lower case, digits and `-`, at most 32 characters. Its paths, tables and variables begin with it, so
   * that `acme` and `acme-eu` cannot be two teams.
   */
  readonly team: string;
  /** The versions of the kit it works with, such as `^1.0` or `^1.2 || ^2.0`. */
  readonly kit: string;
  /** Handlers by the name that destinations call them by. No two teams can use the same. */
  readonly handlers?: Readonly<Record<string, Type<MerchantHandler>>>;
  /** Kinds of destination by name: at most 16 lower-case letters, digits and `-`. */
  readonly destinationKinds?: Readonly<Record<string, Type<DestinationKind>>>;
  /** Where merchants have a vault of their own that says which tokens exist. */
  readonly tokenDirectories?: readonly Type<TokenDirectory>[];
  /** Where merchants get something else than the event as it is. */
  readonly eventMappers?: readonly Type<EventMapper>[];
  /** Where merchants do not want everything. */
  readonly notificationFilters?: readonly Type<NotificationFilter>[];
  /** TypeORM entities; to inject with `@InjectRepository`. Their tables begin with the prefix. */
  readonly entities?: readonly Type<object>[];
  /** What makes the tables of `entities`; both engines, always. */
  readonly migrations?: TeamMigrations;
  /** `team_<team>_` where it is not set. Begins with `team_`, which the gateway's own tables never do. */
  readonly tablePrefix?: string;
  /** A class with class-validator's rules, filled from `TEAM_<TEAM>_…` and injected by its own name. */
  readonly configuration?: Type<object>;
}
