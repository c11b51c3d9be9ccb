import { merchantModuleOptions, type TeamMigrations } from '@gateway/merchant-kit';
import type { Type } from '@nestjs/common';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { TeamMigrationFailed } from './team-migration-failed.js';

/** The tables and migrations of teams' modules, read without starting anything. */
export function schemaOf(modules: readonly Type[]): { entities: Type<object>[]; migrations: TeamMigrations } {
  const options = modules.map((module) => merchantModuleOptions(module)).filter((one) => one !== undefined);
  return {
    entities: options.flatMap((one) => one.entities ?? []),
    migrations: {
      sqlite: options.flatMap(({ team, migrations }) => namingTheTeam(team, migrations?.sqlite)),
      postgres: options.flatMap(({ team, migrations }) => namingTheTeam(team, migrations?.postgres)),
    },
  };
}

/** The same migrations, under the same names; one that fails says whose it is, which the database's error does not. */
function namingTheTeam(team: string, migrations: readonly Type<MigrationInterface>[] = []): Type<MigrationInterface>[] {
  return migrations.map((Migration) => {
    const original = Migration.prototype as MigrationInterface;
    class Named extends (Migration as Type<object>) implements Pick<MigrationInterface, 'up'> {
      async up(runner: QueryRunner): Promise<void> {
        try {
          await original.up.call(this, runner);
        } catch (error) {
          throw new TeamMigrationFailed(team, Migration.name, error);
        }
      }
    }
    Object.defineProperty(Named, 'name', { value: Migration.name });
    return Named as unknown as Type<MigrationInterface>;
  });
}
