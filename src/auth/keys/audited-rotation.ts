import type { AuditedChange } from '../../audit/audit-log.js';
import type { SigningKey } from './signing-key.entity.js';

/** What the audit log says of a new signing key, whoever has asked for it. */
export function auditedRotation({ kid, createdAtMs, signsFromMs }: SigningKey): AuditedChange {
  const after = { kid, createdAt: isoTime(createdAtMs), signsFrom: isoTime(signsFromMs ?? createdAtMs) };
  return { action: 'signing-key.rotate', merchantGatewayId: null, target: '/registry/signing-keys', after };
}

const isoTime = (ms: number): string => new Date(ms).toISOString();
