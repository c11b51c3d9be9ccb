type Ms = number | string;

/** A time of a row (a bigint, which PostgreSQL's driver gives as text) as it is told: ISO 8601, UTC. */
export function isoTime(ms: Ms): string {
  return new Date(Number(ms)).toISOString();
}

export function isoTimeOrNull(ms: Ms | null): string | null {
  return ms === null ? null : isoTime(ms);
}
