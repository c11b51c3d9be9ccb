import { parse, type CsvError, type Info } from 'csv-parse';
import { pipeline, type Readable } from 'node:stream';
import { checkedLine, type ImportedLine } from './imported-line.js';

const MAX_RECORD_CHARS = 4096;
const LINES_AT_ONCE = 500;

interface Row {
  readonly record: readonly string[];
  readonly info: Info;
}

/** CSV (RFC 4180), the ids in the first column; a first line `id` is a header. Empty lines are passed over. */
export async function* csvLines(stream: Readable): AsyncIterable<readonly ImportedLine[]> {
  let lines: ImportedLine[] = [];
  const parser = parse({
    bom: true,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    trim: true,
    max_record_size: MAX_RECORD_CHARS,
    skip_records_with_error: true,
    on_skip: (error: CsvError | undefined) => {
      lines.push({ line: Number(error?.lines ?? 0), problem: 'is not CSV' });
      return undefined;
    },
  });
  pipeline(stream, parser, () => {
    // An error reaches whoever reads the parser.
  });
  for await (const { record, info } of parser as AsyncIterable<Row>) {
    if (info.lines === 1 && record[0] === 'id') continue;
    lines.push(checkedLine(info.lines, record[0]));
    if (lines.length < LINES_AT_ONCE) continue;
    yield lines;
    lines = [];
  }
  yield lines;
}
