import { Injectable, Logger, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Clock } from '../../clock/clock.js';
import { GatewayConfig } from '../../config/gateway-config.js';
import { InstanceChannel } from '../../database/channel/instance-channel.js';
import type { KnownDestination } from '../destinations/destination-directory.js';
import { SharedPauses, type ReceiverPause } from '../repository/shared-pauses.js';
import { Circuit } from './circuit.js';

const MAX_CIRCUITS = 10_000;
const HANDLER = 'handler:';
/** So long after a breaker has opened every instance knows, be its notice lost. See docs/database.md. */
const LOOK_INTERVAL_MS = 2000;

/**
 * The circuit of each receiver. When one opens, the other instances are told, and theirs opens too; who was not there to
 * hear it looks it up.
 */
@Injectable()
export class Circuits implements OnModuleInit, BeforeApplicationShutdown {
  private readonly logger = new Logger(Circuits.name);
  private readonly circuits = new LRUCache<string, Circuit>({ max: MAX_CIRCUITS });
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;

  constructor(
    private readonly config: GatewayConfig,
    private readonly channel: InstanceChannel,
    private readonly shared: SharedPauses,
    private readonly clock: Clock,
  ) {}

  /** Before anything is claimed. */
  async onModuleInit(): Promise<void> {
    if (!this.config.roles.has('dispatcher')) return;
    this.channel.subscribe('paused', (pauses) => {
      if (pauses.length === 0) void this.look();
      else this.pauseAsTold(pauses.map(parse));
    });
    this.timer = setInterval(() => void this.look(), LOOK_INTERVAL_MS);
    await this.look();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.looking;
  }

  /** A handler is one piece of code, however many merchants' destination it is. */
  of({ id, handler }: Pick<KnownDestination, 'id' | 'handler'>): Circuit {
    return this.get(handler ? `${HANDLER}${handler}` : id);
  }

  private get(receiver: string): Circuit {
    const known = this.circuits.get(receiver);
    if (known) return known;
    const { concurrencyPerDestination, handlerConcurrency } = this.config.delivery;
    const circuit = new Circuit({
      concurrency: receiver.startsWith(HANDLER) ? handlerConcurrency : concurrencyPerDestination,
      clock: this.clock,
      onPause: (durationMs) => this.tell({ receiver, durationMs }),
    });
    this.circuits.set(receiver, circuit);
    return circuit;
  }

  private tell(pause: ReceiverPause): void {
    this.channel.publish('paused', [`${pause.receiver} ${pause.durationMs}`]);
    this.shared.begin(pause).catch((error: unknown) => this.report('A pause was not written down', error));
  }

  private look(): Promise<void> {
    this.looking ??= this.shared
      .open()
      .then((pauses) => this.pauseAsTold(pauses))
      .catch((error: unknown) => this.report('Pauses were not looked up', error))
      .finally(() => (this.looking = undefined));
    return this.looking;
  }

  private pauseAsTold(pauses: readonly ReceiverPause[]): void {
    for (const { receiver, durationMs } of pauses) this.get(receiver).pauseAsTold(durationMs);
  }

  /** Nothing is lost by it: this instance's own breaker opens after its own ten failures. */
  private report(msg: string, error: unknown): void {
    this.logger.debug({ msg, cause: (error as Error).message });
  }
}

function parse(notice: string): ReceiverPause {
  const [receiver = '', durationMs] = notice.split(' ');
  return { receiver, durationMs: Number(durationMs) };
}
