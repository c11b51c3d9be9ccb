import type { Identifier } from '@gateway/d1-contract';

export const UUID_PATTERN = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export const NOTIFICATION_ID: Identifier = {
  name: 'notificationId',
  pattern: UUID_PATTERN,
  maxLength: 36,
  description: 'Identifier of a notification, as merchants get it.',
  example: '01936a3e-7c00-7000-8000-0123456789ab',
};

export const DELIVERY_ID: Identifier = {
  name: 'id',
  pattern: UUID_PATTERN,
  maxLength: 36,
  description: 'Identifier of a delivery: the `webhook-id` that the merchant gets.',
  example: '01936a3e-7c01-7000-8000-0123456789ab',
};

export const DESTINATION_NAME: Identifier = {
  name: 'destination',
  pattern: /^[A-Za-z0-9_-]{1,64}$/,
  maxLength: 64,
  description: 'Name of a destination; unique within its merchant.',
  example: 'main',
};

export const DESTINATION_ID: Identifier = {
  name: 'id',
  pattern: UUID_PATTERN,
  maxLength: 36,
  description: 'Identifier of a destination.',
  example: '01936a3e-7c02-7000-8000-0123456789ab',
};
