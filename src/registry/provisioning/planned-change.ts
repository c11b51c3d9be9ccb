export interface PlannedChange {
  readonly kind: 'add' | 'change' | 'enable';
  /** `merchant MGW_000001/10610027312`. */
  readonly what: string;
  /** What of it; never a secret. */
  readonly detail?: string;
}

type Content = Readonly<Record<string, string | number | boolean | null>>;

/** @param before null where it is not there */
export function changesOf(what: string, before: Content | null, after: Content): PlannedChange[] {
  if (!before) return [{ kind: 'add', what }];
  const detail = Object.entries(after)
    .filter(([key, value]) => before[key] !== value)
    .map(([key, value]) => `${key} ${JSON.stringify(before[key])} → ${JSON.stringify(value)}`)
    .join(', ');
  return detail === '' ? [] : [{ kind: 'change', what, detail }];
}
