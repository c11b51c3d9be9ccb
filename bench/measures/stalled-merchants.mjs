// The intake while a thousand merchants accept their webhooks and never answer.
import { makeBase } from '../databases/base.mjs';
import { RECEIVER_ENV, WebhookReceiver } from '../load/webhook-receiver.mjs';
import { TOKENS } from '../registry.mjs';
import { HEAD, intakeWithAndWithout, rowOf } from './intake-with-and-without.mjs';
import { merchantIds } from './merchants.mjs';

const MERCHANTS = merchantIds('STALLED', 1000);

export async function measureStalledMerchants(context) {
  const { engine, base: plain, narrowRounds: rounds, say } = context;
  const receiver = await WebhookReceiver.start({ answers: false });
  try {
    const backlog = { merchantIds: MERCHANTS, tokens: 20, notifications: 20, pending: true };
    const fills = [{ tokens: TOKENS }, backlog];
    const base = await makeBase(engine, { merchants: receiver.merchants(MERCHANTS), fills, env: RECEIVER_ENV });
    const [stalled, without] = await intakeWithAndWithout({ ...context, rounds }, { base, plain });
    await engine.drop(base);
    const rows = [rowOf('without', without), rowOf('1,000 stalled merchants', stalled)];
    say(rows);
    const values = { [`stalled.${engine.key}.p99`]: stalled.p99Ms / without.p99Ms };
    return {
      title: `Intake and stalled merchants on ${engine.name}, ${rounds} rounds`,
      head: HEAD,
      rows,
      values,
    };
  } finally {
    receiver.close();
  }
}
