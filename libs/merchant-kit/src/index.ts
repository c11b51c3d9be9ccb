/**
 * All that a merchant team's code imports.
 *
 * @packageDocumentation
 */
export type { DestinationKind, DestinationSettings, OutgoingMessage } from './destination-kind.js';
export type { EventMapper } from './event-mapper.js';
export type { HandlerLogger, LogFields } from './handler-logger.js';
export { JsonBody, type JsonBodyOptions } from './json-body.js';
export { keepNewest, type Sequenced } from './keep-newest.js';
export { inKitRange } from './kit-range.js';
export type { HandlerContext, HandlerHealth, MerchantHandler } from './merchant-handler.js';
export { MerchantHost } from './merchant-host.js';
export { MerchantMetrics, type MetricLabels } from './merchant-metrics.js';
export { MerchantModule, merchantModuleOptions } from './merchant-module.js';
export type { MerchantModuleOptions, TeamMigrations } from './merchant-module.options.js';
export { MerchantTransactions } from './merchant-transactions.js';
export type { ForMerchants, MerchantRef } from './merchant-ref.js';
export type { NotificationFilter } from './notification-filter.js';
export { delivered, refused, retry, type Outcome, type RetryOptions } from './outcome.js';
export { SequenceColumn } from './sequence-column.js';
export { readConfiguration, variablePrefixOf } from './team-configuration.js';
export type { TokenDirectory } from './token-directory.js';
export { TokenRefresher, type RefreshOptions } from './token-refresher.js';
export type { TokenUpdate, TokenUpdatedEvent } from './token-updated-event.js';
export { KIT_VERSION } from './version.js';
