import { CliError } from './error-line.js';

const UNIT_MS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** `30m`, `24h`, `7d`; `0` for none. */
export function durationMs(option: string, text: string): number {
  if (text === '0') return 0;
  const [, count, unit] = /^(\d{1,4})([mhd])$/.exec(text) ?? [];
  if (!count || !unit) throw new CliError(`${option} must be minutes, hours or days: 30m, 24h, 7d`);
  return Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS];
}
