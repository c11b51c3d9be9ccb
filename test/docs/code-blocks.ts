import { readFileSync } from 'node:fs';

/** A block of code in a page: its language, the words behind it, its text. */
export interface CodeBlock {
  readonly language: string;
  readonly words: readonly string[];
  readonly text: string;
}

export function codeBlocks(page: string): readonly CodeBlock[] {
  const blocks = readFileSync(page, 'utf8').matchAll(/^```(\w+)(?: ([^\n]*))?\n([\s\S]*?)^```$/gm);
  return [...blocks].map(([, language = '', words = '', text = '']) => ({
    language,
    words: words.split(' ').filter(Boolean),
    text,
  }));
}
