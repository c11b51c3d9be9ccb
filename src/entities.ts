import { AuditEntry } from './audit/audit-entry.entity.js';
import { ClientMerchantGateway } from './auth/clients/client-merchant-gateway.entity.js';
import { ClientSecret } from './auth/clients/client-secret.entity.js';
import { Client } from './auth/clients/client.entity.js';
import { SigningKey } from './auth/keys/signing-key.entity.js';
import { RevokedAccessToken } from './auth/revocation/revoked-access-token.entity.js';
import { DeliveryAttempt } from './delivery/entities/delivery-attempt.entity.js';
import { DestinationDisabledPeriod } from './registry/entities/destination-disabled-period.entity.js';
import { Destination } from './registry/entities/destination.entity.js';
import { MerchantGateway } from './registry/entities/merchant-gateway.entity.js';
import { Merchant } from './registry/entities/merchant.entity.js';
import { Token } from './registry/entities/token.entity.js';
import { GatewayProperty } from './secrets/gateway-property.entity.js';
import { Delivery } from './tokens/entities/delivery.entity.js';
import { FailedNotification } from './tokens/entities/failed-notification.entity.js';
import { Notification } from './tokens/entities/notification.entity.js';
import { UnmatchedNotification } from './tokens/entities/unmatched-notification.entity.js';

/** Every table there is, for the TypeORM CLI; in the application each module brings its own. */
export const entities = [
  AuditEntry,
  Client,
  ClientMerchantGateway,
  ClientSecret,
  Delivery,
  DeliveryAttempt,
  Destination,
  DestinationDisabledPeriod,
  FailedNotification,
  GatewayProperty,
  Merchant,
  MerchantGateway,
  Notification,
  RevokedAccessToken,
  SigningKey,
  Token,
  UnmatchedNotification,
];
