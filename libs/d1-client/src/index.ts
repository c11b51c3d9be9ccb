export { systemClock, type D1ClientClock } from './clock.js';
export { D1Client, type D1Request } from './d1-client.js';
export { DEFAULT_TOKEN_PATH, type ClientTlsFiles, type D1ClientOptions } from './d1-client-options.js';
export { D1ClientModule } from './d1-client.module.js';
export { D1Error, type D1ErrorKind } from './d1-error.js';
export type { D1Response } from './d1-response.js';
export { D1TokenRefresher, type D1TokenRefresherOptions, type TokenEvent } from './d1-token-refresher.js';
export { DEFAULT_RETRY_POLICY, type RetryPolicy } from './retry-decision.js';
