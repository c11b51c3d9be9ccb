/** Nothing that anybody declares here is as deep. */
const MAX_DEPTH = 32;

/** class-transformer takes an object's own `constructor` for its class. */
const RESERVED = new Set(['constructor', '__proto__', 'prototype']);

/** PostgreSQL keeps no NUL in a text, and half a character is none on either engine. */
const NO_TEXT = /\0|\p{Surrogate}/u;

export interface UnfitPart {
  readonly path: readonly (string | number)[];
  readonly problem: string;
}

/**
 * The first part of parsed JSON or YAML that must not be given to class-transformer: a property that JavaScript has another
 * use for, one too deep to be walked through, or a text that no database could keep.
 */
export function unfitPart(value: unknown): UnfitPart | undefined {
  const open: { readonly value: unknown; readonly path: UnfitPart['path'] }[] = [{ value, path: [] }];
  for (let next = open.pop(); next; next = open.pop()) {
    if (typeof next.value === 'string' && NO_TEXT.test(next.value)) {
      return { path: next.path, problem: 'holds a character that is no text' };
    }
    if (typeof next.value !== 'object' || next.value === null) continue;
    if (next.path.length > MAX_DEPTH) return { path: next.path.slice(0, MAX_DEPTH), problem: 'is nested too deeply' };
    for (const [name, part] of Object.entries(next.value as Record<string, unknown>)) {
      const path = [...next.path, Array.isArray(next.value) ? Number(name) : name];
      if (RESERVED.has(name)) return { path, problem: 'is not known' };
      open.push({ value: part, path });
    }
  }
  return undefined;
}
