// The report, as it stands in docs/performance.md between its markers.
import { readFileSync, writeFileSync } from 'node:fs';
import { ratio } from './cells.mjs';
import { verdicts } from './verdicts.mjs';

const FILE = 'docs/performance.md';
const MARKED = /<!-- bench:begin -->[^]*<!-- bench:end -->/;

/**
 * @param {string[]} method paragraphs
 * @param {{ title: string, head: string[], rows: string[][], notes?: string[], values?: Record<string, number> }[]} sections
 */
export function markdown(method, sections) {
  const values = Object.assign({}, ...sections.map((section) => section.values));
  return [...method, barsTable(values), ...sections.flatMap(sectionText)].filter(Boolean).join('\n\n');
}

export function writeReport(text) {
  const page = readFileSync(FILE, 'utf8');
  if (!MARKED.test(page)) throw new Error(`${FILE} has no markers for the figures`);
  writeFileSync(
    FILE,
    page.replace(MARKED, () => `<!-- bench:begin -->\n\n${text}\n\n<!-- bench:end -->`),
  );
}

function barsTable(values) {
  const rows = verdicts(values).map(({ id, says, bar, value, isMet }) => [
    `\`${id}\``,
    says,
    bar,
    ratio(value),
    isMet ? 'met' : '**missed**',
  ]);
  return rows.length > 0 && `### Bars\n\n${table(['', 'Ratio', 'Bar', 'Measured', ''], rows)}`;
}

function sectionText({ title, head, rows, notes = [] }) {
  return [`### ${title}`, table(head, rows), ...notes];
}

/** As prettier would write it, so that a run leaves nothing to format. */
function table(head, rows) {
  const widths = head.map((_, column) => Math.max(3, ...[head, ...rows].map((row) => [...row[column]].length)));
  const line = (cells) => `| ${cells.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
