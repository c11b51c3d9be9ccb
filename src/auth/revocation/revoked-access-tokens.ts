import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { LessThan, MoreThanOrEqual, type EntityManager, type Repository } from 'typeorm';
import { GatewayConfig } from '../../config/gateway-config.js';
import { DatabaseClock } from '../../database/database-clock.js';
import { InstanceChannel } from '../../database/channel/instance-channel.js';
import { Transactions } from '../../database/transactions.js';
import { describeCause } from '../../http/log-error.js';
import { RevokedAccessToken } from './revoked-access-token.entity.js';

/** What others have committed is looked for so far back: some transactions are slow to commit, and the database's clock may be set. */
const OVERLAP_MS = 300_000;
const PURGE_INTERVAL_MS = 600_000;
const SHORTEST_LOOK_MS = 1000;

/**
 * The access tokens that were revoked and have not run out: in memory, as every request asks, and in the database, for the
 * other instances. These hear of one at once; where the notice gets lost, within `CLIENT_CACHE_SECONDS`.
 */
@Injectable()
export class RevokedAccessTokens implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(RevokedAccessTokens.name);
  /** By `jti`, when they run out. */
  private readonly known = new Map<string, number>();
  private lookFromMs = 0;
  private purgedAtMs = 0;
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;

  constructor(
    private readonly config: GatewayConfig,
    @InjectRepository(RevokedAccessToken) private readonly repository: Repository<RevokedAccessToken>,
    private readonly transactions: Transactions,
    private readonly channel: InstanceChannel,
    private readonly clock: DatabaseClock,
  ) {
    channel.subscribe('revoked', () => void this.lookSafely());
  }

  async onModuleInit(): Promise<void> {
    await this.look();
    const everyMs = Math.max(this.config.auth.clientCacheSeconds * 1000, SHORTEST_LOOK_MS);
    this.timer = setInterval(() => void this.lookSafely(), everyMs).unref();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.looking?.catch(() => undefined);
  }

  has(jti: string): boolean {
    return this.known.size > 0 && this.known.has(jti);
  }

  /**
   * Resolves when it is on disk. To revoke one again changes nothing.
   *
   * @param record what is written in the same transaction
   */
  async revoke(
    token: Pick<RevokedAccessToken, 'jti' | 'clientId' | 'revokedBy' | 'expiresAtMs'>,
    record: (manager: EntityManager) => Promise<void>,
  ): Promise<void> {
    await this.transactions.run(async (manager) => {
      if (await manager.existsBy(RevokedAccessToken, { jti: token.jti })) return;
      const row = { ...token, revokedAtMs: this.clock.ofStatement };
      const insert = manager.createQueryBuilder().insert().into(RevokedAccessToken).values(row);
      await insert.orIgnore().updateEntity(false).execute();
      await record(manager);
    });
    this.known.set(token.jti, token.expiresAtMs);
    this.channel.publish('revoked');
  }

  /**
   * Loads what others have revoked. One that has begun may have missed it: so another one follows. By the database's clock:
   * what an instance revokes whose own is behind would seem to have been loaded long ago.
   */
  private async look(): Promise<void> {
    const nowMs = await this.clock.nowMs();
    const rows = await this.repository.findBy({ revokedAtMs: MoreThanOrEqual(this.lookFromMs) });
    for (const { jti, expiresAtMs } of rows) this.known.set(jti, expiresAtMs);
    this.lookFromMs = nowMs - OVERLAP_MS;
    if (nowMs - this.purgedAtMs >= PURGE_INTERVAL_MS) await this.purge(nowMs);
  }

  private async lookSafely(): Promise<void> {
    const before = this.looking;
    const mine = (async () => {
      await before?.catch(() => undefined);
      await this.look();
    })();
    this.looking = mine;
    try {
      await mine;
    } catch (error) {
      this.logger.warn({ msg: 'Revoked access tokens were not loaded', cause: describeCause(error) });
    }
  }

  /** After a jump of the clock an access token is taken for up to its life longer. */
  private async purge(nowMs: number): Promise<void> {
    const { accessTokenTtlSeconds, clockSkewSeconds } = this.config.auth;
    const overMs = nowMs - (accessTokenTtlSeconds + clockSkewSeconds) * 1000 - OVERLAP_MS;
    for (const [jti, expiresAtMs] of this.known) if (expiresAtMs < overMs) this.known.delete(jti);
    await this.transactions.run((manager) => manager.delete(RevokedAccessToken, { expiresAtMs: LessThan(overMs) }));
    this.purgedAtMs = nowMs;
  }
}
