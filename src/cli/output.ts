/** What a command has found, as a program reads it and as a person does. */
export interface Printed {
  readonly json: unknown;
  readonly text: string;
}

export function printResult({ json, text }: Printed, asJson: boolean): void {
  const out = asJson ? JSON.stringify(json, null, 2) : text;
  if (out !== '') process.stdout.write(`${out}\n`);
}

export type Cell = string | number | null | undefined;

/** Columns under their headings, numbers to the right; where there are no rows, that is said. */
export function table(headings: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const lines = [headings, ...rows.map((row) => row.map(cellText))];
  const widths = headings.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)));
  const isNumber = headings.map((_, column) => rows.some((row) => typeof row[column] === 'number'));
  return lines
    .map((line) =>
      line
        .map((text, i) => (isNumber[i] ? text.padStart(widths[i] ?? 0) : text.padEnd(widths[i] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .concat(rows.length === 0 ? ['None.'] : [])
    .join('\n');
}

/** Some cells hold what others have said: no control characters reach the terminal. */
function cellText(cell: Cell): string {
  return String(cell ?? '–').replaceAll(/\p{Cc}/gu, ' ');
}
