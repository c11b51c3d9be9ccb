import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';

interface Rules {
  readonly groups: readonly {
    readonly rules: readonly { readonly alert: string; readonly annotations: { readonly runbook_url: string } }[];
  }[];
}

it('docs/operations.md has a section for every alert, where its runbook_url points to, and for no other', () => {
  const { groups } = parse(readFileSync('deploy/prometheus/rules.yaml', 'utf8')) as Rules;
  const rules = groups.flatMap((group) => group.rules);
  const page = readFileSync('docs/operations.md', 'utf8');
  const sections = [...page.matchAll(/^### (D1Gateway\w+)$/gm)].map(([, name = '']) => name);

  expect(sections).toEqual(rules.map(({ alert }) => alert));
  expect(rules.map(({ annotations }) => annotations.runbook_url)).toEqual(
    sections.map((name) => `docs/operations.md#${name.toLowerCase()}`),
  );
});
