import type { TeamMigrations } from '@gateway/merchant-kit';

/** The migrations that teams' modules bring; whoever lists the modules provides them. */
export abstract class MigrationsOfTeams implements TeamMigrations {
  abstract readonly sqlite: TeamMigrations['sqlite'];
  abstract readonly postgres: TeamMigrations['postgres'];
}
