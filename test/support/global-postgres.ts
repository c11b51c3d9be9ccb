import 'reflect-metadata';
import type { TestProject } from 'vitest/node';
import { findPostgres, startCluster } from './postgres-cluster.js';
import { makeTemplate } from './test-database.js';

/** One cluster for all suites, with a migrated template that each test database is a copy of. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const source = findPostgres();
  if (!source) throw new Error('No PostgreSQL');
  const cluster = 'url' in source ? { url: source.url, stop: async () => {} } : await startCluster(source.binaries);
  await makeTemplate(cluster.url);
  project.provide('postgresUrl', cluster.url);
  return () => cluster.stop();
}
