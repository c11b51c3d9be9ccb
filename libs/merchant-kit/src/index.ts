export type { HandlerContext, MerchantHandler } from './merchant-handler.js';
export { delivered, refused, retry, type Outcome } from './outcome.js';
export type { TokenUpdatedEvent } from './token-updated-event.js';
