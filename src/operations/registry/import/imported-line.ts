import { TOKEN_ID } from '@gateway/d1-contract';

/** A line of an import: a token's id, or what is wrong with it. */
export type ImportedLine =
  { readonly line: number; readonly id: string } | { readonly line: number; readonly problem: string };

/** @param line counted from 1, as editors do */
export function checkedLine(line: number, id: unknown): ImportedLine {
  return typeof id === 'string' && TOKEN_ID.pattern.test(id)
    ? { line, id }
    : { line, problem: 'id is not in the expected format' };
}
