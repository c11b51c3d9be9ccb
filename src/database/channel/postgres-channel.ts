import {
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { Client, ClientConfig } from 'pg';
import { impatientClient } from '../impatient-client.js';
import type { InstanceChannel, Listener, Topic } from './instance-channel.js';
import { Outbox, type Notice } from './outbox.js';

const CHANNEL = 'd1_gateway';
/** Notices that come closer together than that become one: the server takes its turn with all who send any. */
const PACE_MS = 20;
const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 5000;
/** A connection that was cut without a word is found out by asking. */
const HEARTBEAT_MS = 5000;
const ANSWER_TIMEOUT_MS = 5000;

/**
 * LISTEN and NOTIFY on a connection of its own, which is opened again for as long as the process runs. Notices are sent apart
 * from the transactions they are about: a commit with a notice in it waits for every other such commit on the server,
 * and the notices would take the intake's batches out of one another's fsync.
 */
export class PostgresChannel
  implements InstanceChannel, OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown
{
  private readonly logger = new Logger(PostgresChannel.name);
  private readonly instance = randomUUID();
  private readonly outbox = new Outbox(this.instance);
  private readonly listeners = new EventEmitter<Record<Topic, [readonly string[]]>>();
  private readonly ClientClass = impatientClient(ANSWER_TIMEOUT_MS);
  private client: Client | undefined;
  private timer: NodeJS.Timeout | undefined;
  private heartbeat: NodeJS.Timeout | undefined;
  private sending: Promise<void> | undefined;
  private connecting: Promise<void> | undefined;
  private waitMs = FIRST_WAIT_MS;
  private wasConnected = false;
  private stopping = false;

  constructor(private readonly options: ClientConfig) {}

  publish(topic: Topic, items: readonly string[] = []): void {
    this.outbox.add(topic, items);
    this.flush();
  }

  subscribe(topic: Topic, listener: Listener): void {
    this.listeners.on(topic, listener);
  }

  /** Resolves when it listens, or has failed to once: starting does not depend on it. */
  async onApplicationBootstrap(): Promise<void> {
    this.heartbeat = setInterval(() => void this.client?.query('select').catch(() => undefined), HEARTBEAT_MS);
    await this.connect();
  }

  /** What is still to be told is told while there is a connection. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.sending;
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping = true;
    clearTimeout(this.timer);
    clearInterval(this.heartbeat);
    await this.connecting;
    await this.client?.end().catch(() => undefined);
  }

  private connect(): Promise<void> {
    this.connecting ??= this.open().finally(() => (this.connecting = undefined));
    return this.connecting;
  }

  private async open(): Promise<void> {
    const client = new this.ClientClass(this.options);
    client.on('end', () => this.lost(client));
    client.on('notification', ({ payload }) => this.hear(payload ?? ''));
    try {
      await client.connect();
      await client.query(`listen ${CHANNEL}`);
    } catch (error) {
      this.logger.warn({ msg: 'Not connected for notices', cause: (error as Error).message });
      void client.end().catch(() => undefined);
      this.reconnect();
      return;
    }
    this.client = client;
    this.waitMs = FIRST_WAIT_MS;
    if (this.wasConnected) this.lookEverywhere();
    this.wasConnected = true;
    this.flush();
  }

  private lost(client: Client): void {
    if (this.client !== client) return;
    this.client = undefined;
    if (this.stopping) return;
    this.logger.warn({ msg: 'The connection for notices was lost' });
    this.reconnect();
  }

  private reconnect(): void {
    if (this.stopping) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.connect(), this.waitMs * (0.5 + Math.random()));
    this.waitMs = Math.min(this.waitMs * 2, LONGEST_WAIT_MS);
  }

  private flush(): void {
    this.sending ??= this.send().finally(() => (this.sending = undefined));
  }

  /** Sends what there is, and what comes meanwhile; without a connection it stays until there is one. */
  private async send(): Promise<void> {
    // At the end of this turn, with all that it adds.
    await Promise.resolve();
    while (this.client && !this.outbox.isEmpty) {
      const payloads = this.outbox.take();
      const paced = new Promise((resolve) => setTimeout(resolve, PACE_MS));
      try {
        await this.client.query('select pg_notify($1, p) from unnest($2::text[]) p', [CHANNEL, payloads]);
      } catch (error) {
        // The sweeps find it without.
        this.logger.debug({ msg: 'A notice was not sent', cause: (error as Error).message });
      }
      await paced;
    }
  }

  private hear(payload: string): void {
    const notice = parse(payload);
    if (notice && notice.from !== this.instance) this.listeners.emit(notice.topic, notice.items);
  }

  private lookEverywhere(): void {
    for (const topic of this.listeners.eventNames()) this.listeners.emit(topic, []);
  }
}

/** Another version's notice may look different. */
function parse(payload: string): Notice | undefined {
  try {
    const { from, topic, items } = JSON.parse(payload) as Partial<Notice>;
    const known = typeof from === 'string' && typeof topic === 'string' && Array.isArray(items);
    return known ? { from, topic, items } : undefined;
  } catch {
    return undefined;
  }
}
