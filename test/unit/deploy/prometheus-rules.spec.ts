import { execFileSync, spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';

const found = spawnSync('promtool', ['--version']).status === 0;
if (!found && process.env.REQUIRE_PROMTOOL) throw new Error('No promtool found, and REQUIRE_PROMTOOL is set');

it('has alert rules that promtool takes, and that fire when they should and only then', ({ skip }) => {
  skip(!found, 'no promtool (Debian: apt-get install prometheus)');
  const check = execFileSync('promtool', ['check', 'rules', 'deploy/prometheus/rules.yaml'], { encoding: 'utf8' });
  const test = spawnSync('promtool', ['test', 'rules', 'deploy/prometheus/rules.test.yaml'], { encoding: 'utf8' });

  expect(check).toContain('SUCCESS: 14 rules found');
  expect(test.stdout + test.stderr).toContain('SUCCESS');
  expect(test.status).toBe(0);
});
