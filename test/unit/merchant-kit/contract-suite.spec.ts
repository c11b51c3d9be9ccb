import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';

interface Report {
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly ancestorTitles: readonly string[]; title: string; status: string }[];
  }[];
}

/** The tests of the contract that each handler of the fixture fails. */
function failures(): Map<string, string[]> {
  const config = ['--config', 'test/fixtures/contract/vitest.config.ts'];
  const args = ['node_modules/vitest/vitest.mjs', 'run', ...config, '--reporter', 'json'];
  const { stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  const report = JSON.parse(stdout.slice(stdout.indexOf('{'))) as Report;
  const failed = new Map<string, string[]>();
  for (const { ancestorTitles, title, status } of report.testResults.flatMap((file) => file.assertionResults)) {
    const name = (ancestorTitles[0] ?? '').replace(' keeps the contract of handlers', '');
    failed.set(name, [...(failed.get(name) ?? []), ...(status === 'failed' ? [title] : [])]);
  }
  return failed;
}

it('the contract suite passes a handler that keeps the contract, and tells what each other one breaks', () => {
  const failed = failures();

  expect(failed.get('good')).toEqual([]);
  expect(failed.get('counts repeats')).toEqual([
    'is idempotent: the same event again changes nothing',
    'tells old from new: an older event that comes late changes nothing, and is not asked for again',
  ]);
  expect(failed.get('takes the last for the newest')).toEqual([
    'tells old from new: an older event that comes late changes nothing, and is not asked for again',
  ]);
  expect(failed.get('keeps nothing')).toEqual(['takes a newer event after an older one']);
  expect(failed.get('does not hear of the signal')).toEqual([
    'respects the abort signal: a call that is over when it begins ends at once',
    'respects the abort signal: a call under way ends',
  ]);
  expect(failed.get('chokes on a payload')).toContain('is not harmed by a payload that is null');
  const free = 'leaves the event loop free, from the call’s beginning to its end';
  expect(failed.get('blocks')).toContain(free);
  expect(failed.get('blocks once it has awaited')).toContain(free);
  expect(failed.size).toBe(8);
}, 60_000);
