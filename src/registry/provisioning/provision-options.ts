import type { AuditActor } from '../../audit/audit-actor.js';

export interface ProvisionOptions {
  /** Whether new clients may get a secret made here, for whoever reads the result. */
  readonly generateSecrets: boolean;
  /** Whether clients keep the secrets they have, whatever the file says: it may be older than a rotation. */
  readonly keepSecrets?: boolean;
  /** Who applies it; without it the gateway itself does, at its start. */
  readonly actor?: AuditActor;
}
