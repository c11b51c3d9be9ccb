export { BEHAVIOURS, type Behaviour, type BehaviourKind } from './behaviour.js';
export type { ReceivedWebhook, RefusedRequest } from './received.js';
export { SampleMerchant, type SampleMerchantEvents, type SampleMerchantOptions } from './sample-merchant.js';
export { generateSigningSecret, isSigningSecret } from './signing-secret.js';
