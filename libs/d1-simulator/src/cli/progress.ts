import { SingleBar } from 'cli-progress';

/** Progress of a run, on stderr, if that is a terminal; otherwise nothing. */
export class Progress {
  private readonly bar: SingleBar | undefined;
  private accepted = 0;
  private other = 0;

  constructor(total: number, wanted: boolean) {
    if (!wanted || !process.stderr.isTTY) return;
    this.bar = new SingleBar({
      format: '{bar} {value}/{total}  accepted {accepted}  other {other}  {duration_formatted}',
      barCompleteChar: '█',
      barIncompleteChar: '░',
      barsize: 30,
      stream: process.stderr,
      hideCursor: true,
      clearOnComplete: true,
      // Ctrl-C is ours: the run ends, and then the bar.
      gracefulExit: false,
    });
    this.bar.start(total, 0, { accepted: 0, other: 0 });
  }

  advance(status: number | undefined): void {
    if (status === 204) this.accepted++;
    else this.other++;
    this.bar?.increment({ accepted: this.accepted, other: this.other });
  }

  stop(): void {
    this.bar?.stop();
  }
}
