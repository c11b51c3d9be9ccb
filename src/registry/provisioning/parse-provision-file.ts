import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';
import { isMap, isNode, LineCounter, parseDocument, type Document } from 'yaml';
import { unfitPart } from '../../http/unfit-part.js';
import { ProvisionError, type ProvisionPath } from './provision-error.js';
import { ProvisionFile } from './provision-file.js';

/** A parsed file that can still tell the line of each of its parts. */
export interface ParsedProvisionFile {
  readonly content: ProvisionFile;
  readonly errorAt: (path: ProvisionPath, problem: string) => ProvisionError;
}

/**
 * Parses JSON or YAML (of which JSON is a part).
 *
 * @throws ProvisionError naming line and path of the first fault
 */
export function parseProvisionFile(file: string, text: string): ParsedProvisionFile {
  const lines = new LineCounter();
  // Warnings would go to stderr past the logger, and quote the file, which has secrets in it.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' });
  const [syntaxError] = document.errors;
  if (syntaxError) throw new ProvisionError(file, syntaxError.message, lines.linePos(syntaxError.pos[0]).line);
  const errorAt = (path: ProvisionPath, problem: string): ProvisionError =>
    new ProvisionError(file, problem, lineOf(document, lines, path), path);
  if (!isMap(document.contents)) throw errorAt([], 'must be an object');
  const plain = asPlainObject(document, () => errorAt([], 'refers to a YAML anchor that is not defined'));
  const unfit = unfitPart(plain);
  if (unfit) throw errorAt(unfit.path, unfit.problem);
  const content = plainToInstance(ProvisionFile, plain, { exposeDefaultValues: true });
  const [first] = validateSync(content, { whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: true });
  if (first) {
    const { path, problem } = locate(first);
    throw errorAt(path, problem);
  }
  return { content, errorAt };
}

/** The library's own error would quote the text after the `*`, which may be a secret that was meant to be quoted. */
function asPlainObject(document: Document, fail: () => Error): object {
  try {
    return document.toJS() as object;
  } catch {
    throw fail();
  }
}

/** The innermost part at fault. */
function locate(error: ValidationError, above: ProvisionPath = []): { path: ProvisionPath; problem: string } {
  const step = /^\d+$/.test(error.property) ? Number(error.property) : error.property;
  const path = [...above, step];
  const [child] = error.children ?? [];
  if (child) return locate(child, path);
  const [rule, problem] = Object.entries(error.constraints ?? {})[0] ?? ['', 'is not valid'];
  if (rule === 'whitelistValidation') return { path, problem: 'is not known' };
  const { isValid } = (error.contexts?.[rule] ?? {}) as { isValid?: (value: unknown) => boolean };
  if (!isValid || !Array.isArray(error.value)) return { path, problem };
  const index = error.value.findIndex((element) => !isValid(element));
  return { path: [...path, Math.max(index, 0)], problem };
}

/** The line of a part, or of the nearest part around it where it is missing. */
function lineOf(document: Document, lines: LineCounter, path: ProvisionPath): number {
  for (let length = path.length; length >= 0; length -= 1) {
    const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}
