/** What was measured in one phase. */
interface Figures {
  readonly intakeP99Ms: number;
  /** From the intake's commit to the good merchants' receivers: half took longer. */
  readonly webhookMs: number;
}

/** The same calls twice, one after the other. */
export interface Turn {
  readonly handler: string;
  readonly besideGood: Figures;
  readonly besideBad: Figures;
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Medians over the turns, as `docs/extending.md` has them. */
export function figuresTable(turns: readonly Turn[]): string {
  const rows = [...new Set(turns.map(({ handler }) => handler))].map((name) => {
    const own = turns.filter(({ handler }) => handler === name);
    const cell = (of: (figures: Figures) => number): string =>
      [own.map(({ besideGood }) => of(besideGood)), own.map(({ besideBad }) => of(besideBad))]
        .map((values) => median(values).toFixed(0))
        .join(' → ');
    return `| \`${name}\` | ${cell(({ intakeP99Ms }) => intakeP99Ms)} ms | ${cell(({ webhookMs }) => webhookMs)} ms |`;
  });
  return ['| One handler | Intake, p99 | Other merchants’ webhooks, median |', '|---|---|---|', ...rows].join('\n');
}
