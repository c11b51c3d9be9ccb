import { defineConfig } from 'vitest/config';
import { findPostgres } from './test/support/postgres-cluster.js';

const shared = {
  testTimeout: 20_000,
  hookTimeout: 60_000,
  setupFiles: ['test/support/team-gateway.setup.ts'],
};

/** Suites that touch the database run on both engines, where there is a PostgreSQL to be had. */
const DATABASE_SUITES = 'test/{cli,contract,e2e,database,faults,security}/**/*.spec.ts';
/** What the tutorial and the schematic make: migrations for both engines. */
const GENERATED_SUITE = 'test/docs/extending.spec.ts';
/** Teams' own, beside their code. */
const TEAM_SUITES = 'libs/merchant-*/**/*.spec.ts';

const postgres = findPostgres();
if (!postgres && process.env.REQUIRE_POSTGRES) throw new Error('No PostgreSQL found, and REQUIRE_POSTGRES is set');
if (!postgres) console.warn('No PostgreSQL found (TEST_DATABASE_URL or server binaries): its suites do not run.');

export default defineConfig({
  resolve: { tsconfigPaths: true },
  test: {
    maxWorkers: 2,
    reporters: process.env.CI ? ['default', ['json', { outputFile: 'coverage/results.json' }]] : ['default'],
    projects: [
      {
        extends: true,
        test: { ...shared, name: 'sqlite', include: ['test/**/*.spec.ts', TEAM_SUITES], provide: { engine: 'sqlite' } },
      },
      ...(postgres
        ? [
            {
              extends: true as const,
              test: {
                ...shared,
                name: 'postgres',
                include: [DATABASE_SUITES, GENERATED_SUITE, TEAM_SUITES],
                globalSetup: ['test/support/global-postgres.ts'],
                provide: { engine: 'postgres' as const },
              },
            },
          ]
        : []),
    ],
  },
});
