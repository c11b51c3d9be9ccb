import { Logger } from '@nestjs/common';
import { Clock } from './clock.js';

/** Smaller steps are what time synchronisation does all the time, and are followed. */
const JUMP_MS = 2000;
/** A jump that has stayed for so long is a correction. */
const FOLLOW_AFTER_MS = 60_000;

/**
 * The system's clock, which a jump does not carry away: an hour forth and back would make access tokens expire, which D1
 * takes for final, and put deliveries off by an hour. Across a jump time goes on by the monotonic clock; one that stays is
 * followed after a minute.
 */
export class SteadyClock extends Clock {
  private readonly logger = new Logger('Clock');
  /** From the monotonic clock to the time. */
  private offsetMs: number;
  private jumpedAtMs: number | undefined;
  private followed: { readonly atMs: number; readonly jumpMs: number } | undefined;

  constructor(
    private readonly systemMs: () => number = Date.now,
    private readonly elapsedMs: () => number = () => performance.now(),
  ) {
    super();
    this.offsetMs = this.systemMs() - this.monotonicMs();
  }

  override monotonicMs(): number {
    return this.elapsedMs();
  }

  override nowMs(): number {
    const elapsedMs = this.monotonicMs();
    const offsetMs = this.systemMs() - elapsedMs;
    if (Math.abs(offsetMs - this.offsetMs) < JUMP_MS) {
      this.offsetMs = offsetMs;
      this.jumpedAtMs = undefined;
    } else {
      this.jumpedAtMs ??= this.noticed(elapsedMs, offsetMs);
      if (elapsedMs - this.jumpedAtMs >= FOLLOW_AFTER_MS) this.follow(elapsedMs, offsetMs);
    }
    return Math.round(elapsedMs + this.offsetMs);
  }

  override doubtMs(withinMs: number): number {
    const { followed } = this;
    return followed && this.monotonicMs() - followed.atMs < withinMs ? followed.jumpMs : 0;
  }

  private noticed(elapsedMs: number, offsetMs: number): number {
    this.logger.warn({ msg: 'The system clock has jumped', jumpMs: Math.round(offsetMs - this.offsetMs) });
    return elapsedMs;
  }

  private follow(atMs: number, offsetMs: number): void {
    const jumpMs = Math.round(Math.abs(offsetMs - this.offsetMs));
    this.followed = { atMs, jumpMs };
    this.offsetMs = offsetMs;
    this.jumpedAtMs = undefined;
    this.logger.warn({ msg: 'The jump of the system clock is followed', jumpMs });
  }
}
