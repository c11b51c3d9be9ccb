// The intake while deliveries run at full rate on the same core.
import { makeBase } from '../databases/base.mjs';
import { RECEIVER_ENV, WebhookReceiver } from '../load/webhook-receiver.mjs';
import { TOKENS } from '../registry.mjs';
import { HEAD, intakeWithAndWithout, rowOf } from './intake-with-and-without.mjs';
import { merchantIds } from './merchants.mjs';

const MERCHANTS = merchantIds('DELIVER', 8);

export async function measureBesideDeliveries(context) {
  const { engine, base: plain, lastingBacklog, say } = context;
  const receiver = await WebhookReceiver.start();
  try {
    const backlog = {
      merchantIds: MERCHANTS,
      tokens: 1000,
      notifications: lastingBacklog / MERCHANTS.length,
      pending: true,
    };
    const fills = [{ tokens: TOKENS }, backlog];
    const base = await makeBase(engine, { merchants: receiver.merchants(MERCHANTS), fills, env: RECEIVER_ENV });
    const assertLasted = () => {
      if (receiver.received >= lastingBacklog)
        throw new Error('The backlog was delivered before the intake was measured');
      receiver.reset();
    };
    const [beside, alone] = await intakeWithAndWithout(context, { base, plain, afterwards: assertLasted });
    await engine.drop(base);
    const rows = [rowOf('intake alone', alone), rowOf('while deliveries run at full rate', beside)];
    say(rows);
    const values = { [`beside-deliveries.${engine.key}`]: beside.perSecond / alone.perSecond };
    return { title: `Intake beside deliveries on ${engine.name}`, head: HEAD, rows, values };
  } finally {
    receiver.close();
  }
}
