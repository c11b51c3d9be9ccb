import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { ConnectionBurst } from '../../src/http/connection-burst.js';
import { IntakeEvents } from '../../src/tokens/intake/intake-events.js';
import { notifyPath, TestGateway, type TestGatewayOptions } from '../support/test-gateway.js';

const CONNECTIONS = 100;

/** Calls that come at once, each on a connection of its own. @returns in how many batches they were written */
async function batchesOfBurst(options: TestGatewayOptions = {}): Promise<number> {
  const gateway = await TestGateway.start(options);
  try {
    const accessToken = await gateway.accessToken();
    const call = `POST ${notifyPath()} HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer ${accessToken}\r\n\r\n`;
    let batches = 0;
    gateway.app.get(IntakeEvents).on('committed', () => (batches += 1));
    const answers = Array.from({ length: CONNECTIONS }, async () => {
      const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1');
      socket.write(call);
      const [answer] = (await once(socket, 'data')) as [Buffer];
      socket.destroy();
      return answer.toString().slice(0, 12);
    });
    expect(new Set(await Promise.all(answers))).toEqual(new Set(['HTTP/1.1 204']));
    return batches;
  } finally {
    await gateway.close();
  }
}

/** For which no time passes: how long batches may be held back is the unit test's to show, and another on each machine. */
class TimelessBurst extends ConnectionBurst {
  override isOn(): boolean {
    return super.isOn(0);
  }
}

it('calls on connections that all come at once share batches, and none waits for one of each', async () => {
  const apart = await batchesOfBurst({
    customise: (builder) =>
      builder.overrideProvider(ConnectionBurst).useValue({ watch: () => undefined, isOn: () => false }),
  });
  const together = await batchesOfBurst({
    customise: (builder) => builder.overrideProvider(ConnectionBurst).useClass(TimelessBurst),
  });

  expect(together).toBeLessThan(apart / 2);
});
