import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Environment } from '../../../src/config/environment.js';

type Row = readonly string[];

const page = readFileSync('docs/scaling.md', 'utf8');
const report = readFileSync('docs/performance.md', 'utf8');
const figures = new Map(
  rowsUnder(page, '| | Figure | From |').map((row) => [/\*\*(.)\*\*/.exec(row[0] ?? '')?.[1], row]),
);

/** Where a figure stands in the report, and how its row begins. */
const SOURCES = [
  ['I', 'Intake on PostgreSQL', ['64', 'gateway']],
  ['A', 'Access tokens, 64 connections', ['gateway']],
  ['D', 'Deliveries on PostgreSQL', ['From a backlog']],
  ['M', 'Memory on SQLite', ['RSS at most']],
] as const;

describe('docs/scaling.md', () => {
  it.each(SOURCES)('has %s as docs/performance.md has it, under %s', (name, section, beginning) => {
    const [, figure = '', from = ''] = figures.get(name) ?? [];
    const [, text] = report.split(`### ${section}\n`);

    expect(from).toContain(`*${section}*`);
    expect(from.includes('not in the last report')).toBe(text === undefined);
    if (text === undefined) return;
    const row = cellsOf(text.split('\n### ')[0] ?? '').find((cells) =>
      beginning.every((start, index) => cells[index]?.startsWith(start)),
    );
    expect(row?.[beginning.length]).toBe(figure);
  });

  it('has reckoned instances, connections and log by its own formulas', () => {
    const [intake, deliveries, log] = ['I', 'D', 'W'].map((name) => numberOf(figures.get(name)?.[1]));
    const fullness = Number(/\*\*u\*\* = ([\d.]+)/.exec(page)?.[1]);
    const connectionsEach = new Environment().DATABASE_POOL_SIZE + 3;
    const rows = rowsUnder(page, '| N | d, a |');

    expect(rows).toHaveLength(4);
    for (const [rate, counts = '', ...reckoned] of rows) {
      const notifications = numberOf(rate);
      const [destinations = 0, attempts = 0] = counts.split(', ').map(Number);
      const takers = Math.ceil(notifications / ((intake ?? 0) * fullness)) + 1;
      const senders = Math.ceil((notifications * destinations * attempts) / ((deliveries ?? 0) * fullness)) + 1;
      const [intakeCell, dispatcherCell, connections, logCell] = reckoned;
      expect([intakeCell, dispatcherCell]).toEqual([`${takers - 1} + 1`, `${senders - 1} + 1`]);
      expect(numberOf(connections)).toBe((takers + senders + 2) * connectionsEach);
      const megabytes = (notifications * (log ?? 0)) / 1e6;
      expect(logCell).toBe(`${megabytes < 10 ? megabytes.toFixed(1) : Math.round(megabytes)} MB/s`);
    }
    expect(page).toContain(`connections, ${connectionsEach} each`);
  });
});

/** The rows of a table, by how its head begins. */
function rowsUnder(text: string, head: string): Row[] {
  const [, rest = ''] = text.split(`\n${head}`);
  return cellsOf(rest.split('\n\n')[0] ?? '').slice(1);
}

function cellsOf(table: string): Row[] {
  return table
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

function numberOf(cell = ''): number {
  return Number(/[\d,.]+/.exec(cell)?.[0].replaceAll(',', ''));
}
