import { Injectable } from '@nestjs/common';
import { Unauthorized } from '../../auth/auth-errors.js';
import { auditedRotation } from '../../auth/keys/audited-rotation.js';
import { SigningKeyStore } from '../../auth/keys/signing-key.store.js';
import { PUBLISHED_MS, SigningKeys } from '../../auth/keys/signing-keys.js';
import { Clock } from '../../clock/clock.js';
import type { Actor } from '../audit/actor.js';
import { Conflict } from '../operation-errors.js';
import { isoTime } from '../search/iso-time.js';
import type { SigningKeyItem } from './client-bodies.js';
import { RegistryChanges } from './registry-changes.js';

@Injectable()
export class SigningKeysService {
  constructor(
    private readonly changes: RegistryChanges,
    private readonly store: SigningKeyStore,
    private readonly keys: SigningKeys,
    private readonly clock: Clock,
  ) {}

  /** @throws Unauthorized for whoever is limited to some merchant gateways; Conflict where a file gives the key */
  async rotate(actor: Actor): Promise<SigningKeyItem> {
    if (!actor.isUnlimited)
      throw new Unauthorized('insufficient_scope', { detail: 'Not a client of every merchant gateway' });
    if (await this.keys.isFromFile()) throw new Conflict('SIGNING_KEY_FILE signs; replace the file instead');
    const next = await this.changes.run(actor, async (manager) => {
      const { row, isNew } = await this.store.addNext(manager, this.clock.nowMs() + PUBLISHED_MS);
      const result = { kid: row.kid, createdAt: isoTime(row.createdAtMs), signsFrom: isoTime(row.signsFromMs ?? 0) };
      return { result, change: isNew ? auditedRotation(row) : undefined };
    });
    await this.keys.refresh();
    return next;
  }
}
