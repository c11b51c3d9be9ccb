import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

/** More would help nobody; how many there are is counted all the same. */
const MAX_BAD_LINES = 10_000;

const PROGRESS_EVERY_LINES = 10_000;

/** A line of the answer to an import. */
export class ImportReportLine {
  @ApiProperty({
    enum: ['bad-line', 'progress', 'done', 'failed'],
    description:
      '`bad-line`: one that was passed over. `progress`: how far it has come; all that is counted is on disk. The last line is `done`, or `failed` where it could not go on.',
  })
  type!: 'bad-line' | 'progress' | 'done' | 'failed';

  @ApiPropertyOptional({ type: 'integer', description: 'Of a `bad-line`: its number, counted from 1.' })
  line?: number;

  @ApiPropertyOptional({ type: String, description: 'Of a `bad-line` or of `failed`.' })
  problem?: string;

  @ApiPropertyOptional({ type: 'integer', description: 'Lines that were read, but for empty ones.' })
  lines?: number;

  @ApiPropertyOptional({ type: 'integer', description: 'Tokens that are new.' })
  registered?: number;

  @ApiPropertyOptional({ type: 'integer', description: 'Tokens that were registered already.' })
  known?: number;

  @ApiPropertyOptional({
    type: 'integer',
    description: `Lines that were passed over; the first ${MAX_BAD_LINES} are told.`,
  })
  bad?: number;
}

/** Counts what an import comes to, and says so line by line. */
export class ImportReport {
  private readonly counts = { lines: 0, registered: 0, known: 0, bad: 0 };
  private toldAtLines = 0;

  /** @param tell is given each line of the report */
  constructor(private readonly tell: (line: ImportReportLine) => void) {}

  get totals(): Readonly<Record<'lines' | 'registered' | 'known' | 'bad', number>> {
    return { ...this.counts };
  }

  passedOver(line: number, problem: string): void {
    this.counts.lines += 1;
    this.counts.bad += 1;
    if (this.counts.bad <= MAX_BAD_LINES) this.tell({ type: 'bad-line', line, problem });
  }

  committed(lines: number, registered: number): void {
    this.counts.lines += lines;
    this.counts.registered += registered;
    this.counts.known += lines - registered;
    if (this.counts.lines - this.toldAtLines < PROGRESS_EVERY_LINES) return;
    this.toldAtLines = this.counts.lines;
    this.tell({ type: 'progress', ...this.counts });
  }

  done(): void {
    this.tell({ type: 'done', ...this.counts });
  }

  failed(problem: string): void {
    this.tell({ type: 'failed', problem, ...this.counts });
  }
}
