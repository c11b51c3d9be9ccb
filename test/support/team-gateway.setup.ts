import { setTestGatewayLauncher } from '@gateway/merchant-kit/testing';

// Loaded by the test that asks for it: most need no gateway.
setTestGatewayLauncher(async (options) => (await import('./team-gateway.js')).startTeamGateway(options));
