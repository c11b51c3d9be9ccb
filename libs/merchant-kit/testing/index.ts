/**
 * For a team's tests: events, the contract that every handler must keep, and a gateway in memory.
 *
 * @packageDocumentation
 */
export { describeMerchantHandler, type HandlerUnderTest } from './describe-merchant-handler.js';
export { handlerContext, tokenUpdatedEvent, type EventParts } from './event-factories.js';
export {
  setTestGatewayLauncher,
  startTestGateway,
  type TestDelivery,
  type TestDestination,
  type TestGateway,
  type TestGatewayLauncher,
  type TestGatewayOptions,
} from './test-gateway.js';
