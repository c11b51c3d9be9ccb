import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import pLimit from 'p-limit';
import { Clock } from '../../clock/clock.js';
import { GatewayConfig } from '../../config/gateway-config.js';
import { DomainError } from '../../errors/domain-error.js';
import { describeCause } from '../../http/log-error.js';
import { NotificationsRepository, type OpenCall } from '../repository/notifications.repository.js';
import { AskAgain } from './ask-again.js';
import { TokenAdmission } from './token-admission.js';
import { TokenDirectories } from './token-directories.js';

/** Of one round: a directory is somebody's vault, and has other work. */
const MOST_QUESTIONS = 100;
const QUESTIONS_AT_A_TIME = 8;

/** What a round looks through of what is open. */
const PAGE = 1000;
const MOST_PAGES = 10;

const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

/**
 * Asks directories again for tokens that they did not know when D1 called: D1 has given up by then, so nobody else would.
 * Every `UNMATCHED_SWEEP_SECONDS`, each token less and less often, where notifications are taken.
 */
@Injectable()
export class DirectorySweep implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(DirectorySweep.name);
  private readonly again: AskAgain;
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  /** Where the next round goes on. */
  private afterId = BEFORE_ALL;

  constructor(
    private readonly directories: TokenDirectories,
    private readonly admission: TokenAdmission,
    private readonly repository: NotificationsRepository,
    private readonly clock: Clock,
    private readonly config: GatewayConfig,
  ) {
    this.again = new AskAgain(config.intake.unmatchedSweepSeconds * 1000);
  }

  onApplicationBootstrap(): void {
    if (!this.config.roles.has('intake') || this.directories.merchants.length === 0) return;
    this.timer = setInterval(() => void this.sweep(), this.config.intake.unmatchedSweepSeconds * 1000);
    void this.sweep();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  /** One round at a time; a call during one is that one. Resolves when what became known has become notifications. */
  sweep(): Promise<void> {
    this.running ??= this.round()
      .catch((error: unknown) => {
        // The records stay open.
        this.logger.error({ msg: 'Token directories were not asked again', cause: describeCause(error) });
      })
      .finally(() => (this.running = undefined));
    return this.running;
  }

  private async round(): Promise<void> {
    const due = await this.nextDue();
    const silent = new Set<string>();
    const limit = pLimit(QUESTIONS_AT_A_TIME);
    const answers = await Promise.all(
      [...due].map(([key, call]) => limit(async () => ((await this.isKnown(key, call, silent)) ? call : undefined))),
    );
    const known = answers.filter((call) => call !== undefined);
    if (known.length === 0) return;
    await this.admission.register(known);
    this.logger.log({ msg: 'Directories know tokens that they did not know before', tokens: known.length });
  }

  /** One call of each token that is to be asked for now. */
  private async nextDue(): Promise<ReadonlyMap<string, OpenCall>> {
    const nowMs = this.clock.nowMs();
    const due = new Map<string, OpenCall>();
    for (let page = 1; page <= MOST_PAGES; page += 1) {
      const calls = await this.repository.findOpen(this.directories.merchants, this.afterId, PAGE);
      for (const call of calls) {
        this.afterId = call.id;
        if (this.again.isDue(keyOf(call), nowMs)) due.set(keyOf(call), call);
        if (due.size === MOST_QUESTIONS) return due;
      }
      if (calls.length < PAGE) {
        this.afterId = BEFORE_ALL;
        break;
      }
    }
    return due;
  }

  /** @param silent merchants whose directory has failed in this round: it is left alone until the next */
  private async isKnown(key: string, call: OpenCall, silent: Set<string>): Promise<boolean> {
    const merchant = `${call.merchantGatewayId}/${call.merchantId}`;
    if (silent.has(merchant)) return false;
    try {
      const isKnown = await this.directories.has(call, call.tokenId, { anew: true });
      if (isKnown) this.again.forget(key);
      else this.again.unknown(key, this.clock.nowMs());
      return isKnown;
    } catch (error) {
      if (!silent.has(merchant)) this.report(call, error);
      silent.add(merchant);
      return false;
    }
  }

  private report({ merchantGatewayId, merchantId }: OpenCall, error: unknown): void {
    const { detail, cause } = error instanceof DomainError ? error : { detail: undefined, cause: error };
    this.logger.warn({
      msg: 'A token directory was asked again and did not say',
      merchantGatewayId,
      merchantId,
      detail,
      cause: describeCause(cause),
    });
  }
}

function keyOf({ merchantGatewayId, merchantId, tokenId }: OpenCall): string {
  return `${merchantGatewayId}/${merchantId}/${tokenId}`;
}
