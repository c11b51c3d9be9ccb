/** A team's migration did not run. It keeps the driver's code, by which whoever opens the database decides about another try. */
export class TeamMigrationFailed extends Error {
  override readonly name = 'TeamMigrationFailed';
  readonly code: unknown;
  readonly driverError: unknown;

  constructor(team: string, migration: string, cause: unknown) {
    super(`Team ${team}: the migration ${migration} failed: ${cause instanceof Error ? cause.message : typeof cause}`, {
      cause,
    });
    const { code, driverError } = (cause ?? {}) as { code?: unknown; driverError?: unknown };
    this.code = code;
    this.driverError = driverError;
  }
}
