interface Waiting {
  readonly urgency: number;
  readonly begin: () => void;
}

/** Does one piece of work at a time: of what waits the most urgent, and of that what has come first. */
export class MostUrgentFirst {
  private waiting: readonly Waiting[] = [];
  private isBusy = false;

  /** @param urgency the higher, the sooner */
  async run<T>(urgency: number, work: () => Promise<T>): Promise<T> {
    if (this.isBusy) await this.turn(urgency);
    this.isBusy = true;
    try {
      return await work();
    } finally {
      this.beginNext();
    }
  }

  private turn(urgency: number): Promise<void> {
    return new Promise((begin) => {
      // The sort is stable: who has come later goes behind his equals.
      this.waiting = [...this.waiting, { urgency, begin }].toSorted((one, other) => other.urgency - one.urgency);
    });
  }

  private beginNext(): void {
    const [next, ...others] = this.waiting;
    this.waiting = others;
    // Whoever comes between this and his beginning finds it busy.
    if (next) next.begin();
    else this.isBusy = false;
  }
}
