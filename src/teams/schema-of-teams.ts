import { merchantModuleOptions, type TeamMigrations } from '@gateway/merchant-kit';
import type { Type } from '@nestjs/common';

/** The tables and migrations of teams' modules, read without starting anything. */
export function schemaOf(modules: readonly Type[]): { entities: Type<object>[]; migrations: TeamMigrations } {
  const options = modules.map((module) => merchantModuleOptions(module));
  return {
    entities: options.flatMap((one) => one?.entities ?? []),
    migrations: {
      sqlite: options.flatMap((one) => one?.migrations?.sqlite ?? []),
      postgres: options.flatMap((one) => one?.migrations?.postgres ?? []),
    },
  };
}
