import { Injectable, Logger } from '@nestjs/common';
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { GatewayConfig } from '../config/gateway-config.js';
import { MasterKey } from './master-key.js';

const PURPOSE = 'payload';
const ALGORITHM = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** No JSON begins so: it tells what is sealed from what was written in clear, be it before the setting. */
const SEALED = 'sealed:1:';

/**
 * Payloads at rest, by `PAYLOAD_ENCRYPTION`: AES-256-GCM under a key of the notification's own. One key for all would be
 * used up after 2³² payloads (NIST SP 800-38D, section 8.3), and one payload could be put in another one's place.
 */
@Injectable()
export class PayloadCipher {
  private readonly logger = new Logger(PayloadCipher.name);
  readonly isOn: boolean;

  constructor(
    { keys }: GatewayConfig,
    private readonly masterKey: MasterKey,
  ) {
    this.isOn = keys.encryptsPayloads;
  }

  /** What is sealed already stays as it is. */
  seal(notificationId: string, payload: string | null): string | null {
    if (payload === null || payload.startsWith(SEALED)) return payload;
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.masterKey.keyFor(PURPOSE, notificationId), iv);
    const sealed = Buffer.concat([iv, cipher.update(payload, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return SEALED + sealed.toString('base64url');
  }

  /** @returns null where it cannot be opened: the token has changed all the same, and the merchant is to hear of it */
  open(notificationId: string, payload: string | null): string | null {
    if (payload === null || !payload.startsWith(SEALED)) return payload;
    try {
      const bytes = Buffer.from(payload.slice(SEALED.length), 'base64url');
      const key = this.masterKey.keyFor(PURPOSE, notificationId);
      const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
      decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
      return decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
    } catch {
      this.logger.error({ msg: 'A payload cannot be opened, and is left out', notificationId });
      return null;
    }
  }
}
