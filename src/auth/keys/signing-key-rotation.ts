import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import type { AuditActor } from '../../audit/audit-actor.js';
import { AuditLog } from '../../audit/audit-log.js';
import { Clock } from '../../clock/clock.js';
import { GatewayConfig } from '../../config/gateway-config.js';
import { describeCause } from '../../http/log-error.js';
import { auditedRotation } from './audited-rotation.js';
import { SigningKeyStore } from './signing-key.store.js';
import { PUBLISHED_MS, SigningKeys } from './signing-keys.js';

const ROUND_MS = 60_000;
const DAY_MS = 86_400_000;

/**
 * Every minute, in whichever instance is first: has another key sign once the one that does has signed for
 * `SIGNING_KEY_ROTATION_DAYS`, and deletes those whose access tokens have all run out.
 */
@Injectable()
export class SigningKeyRotation implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(SigningKeyRotation.name);
  private timer: NodeJS.Timeout | undefined;
  private last: Promise<void> = Promise.resolve();

  constructor(
    private readonly store: SigningKeyStore,
    private readonly keys: SigningKeys,
    private readonly config: GatewayConfig,
    private readonly clock: Clock,
    private readonly audit: AuditLog,
  ) {}

  onApplicationBootstrap(): void {
    if (this.config.roles.size === 0) return;
    this.timer = setInterval(() => void this.keepUp(), ROUND_MS);
    void this.keepUp();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.last;
  }

  /** Resolves at the end of a round that has begun after those before it. */
  keepUp(): Promise<void> {
    this.last = this.last.then(() => this.round());
    return this.last;
  }

  private async round(): Promise<void> {
    try {
      await this.rotate();
      const deleted = await this.store.deleteOver();
      if (deleted > 0) this.logger.log({ msg: 'Signing keys were deleted whose access tokens have run out', deleted });
    } catch (error) {
      // The key that signs goes on signing, and the next round tries again.
      this.logger.warn({ msg: 'Signing keys were not rotated', cause: describeCause(error) });
    }
  }

  private async rotate(): Promise<void> {
    const days = this.config.keys.signingKeyRotationDays;
    await this.keys.refresh();
    // A key that is due to sign begins to, though nobody asks for an access token: by that the old one's time to go begins.
    this.keys.active();
    if (days === 0 || (await this.keys.isFromFile())) return;
    const nowMs = this.clock.nowMs();
    const made = await this.store.addNextIfOlder(nowMs - days * DAY_MS, nowMs + PUBLISHED_MS, (manager, key) =>
      this.audit.write(manager, bySchedule(), auditedRotation(key)),
    );
    if (!made) return;
    const signsFrom = new Date(nowMs + PUBLISHED_MS).toISOString();
    this.logger.log({ msg: 'Another signing key is published', kid: made.kid, signsFrom });
    await this.keys.refresh();
  }
}

/** Whoever has set `SIGNING_KEY_ROTATION_DAYS` has done it. */
function bySchedule(): AuditActor {
  return { clientId: 'gateway:schedule', remoteAddress: 'local', correlationId: randomUUID() };
}
