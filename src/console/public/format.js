// How numbers and times read.

const NUMBER = new Intl.NumberFormat('en');
const CLOCK = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const DAY = new Intl.DateTimeFormat('en-GB', { day: '2-digit', month: 'short' });

/** @param {number} value */
export function count(value) {
  return NUMBER.format(value);
}

/** Of what is counted up to ten thousand only. @param {number} value */
export function cappedCount(value) {
  return value >= 10_000 ? `${NUMBER.format(value)}+` : NUMBER.format(value);
}

/** @param {number | null | undefined} ms */
export function duration(ms) {
  if (ms === null || ms === undefined) return '–';
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  if (ms < 3_600_000) return `${Math.round(ms / 60_000)} min`;
  if (ms < 172_800_000) return `${(ms / 3_600_000).toFixed(1)} h`;
  return `${Math.round(ms / 86_400_000)} d`;
}

/** @param {string} iso @param {string} [today] another day is named */
export function time(iso, today) {
  const clock = CLOCK.format(new Date(iso));
  const isToday = today === undefined || new Date(iso).toDateString() === new Date(today).toDateString();
  return isToday ? clock : `${DAY.format(new Date(iso))} ${clock}`;
}

/** How old something is by the gateway's own clock. @param {string | null} iso @param {string} now */
export function age(iso, now) {
  return iso === null ? '–' : duration(Math.max(0, Date.parse(now) - Date.parse(iso)));
}
