import { playFault } from '../support/play.mjs';

const network = (name, quick, fault, make) => ({
  name,
  fault,
  engines: ['postgres'],
  quick,
  play: (context) =>
    playFault(context, {
      world: { throughNetwork: true },
      mayRecordTwice: true,
      fault: ({ network: net }) => make(net, context),
    }),
});

/** Nobody is told: packets vanish, on open connections and on new ones. */
const cut = network(
  'network-cut',
  false,
  ({ quick }) =>
    `network between instances and database silent for ${quick ? 14 : 20} s; the old connections never come back`,
  async (net, { quick, wait }) => {
    net.cut();
    await wait(quick ? 14_000 : 20_000);
    net.heal();
  },
);

const reset = network(
  'network-reset',
  false,
  () => 'every connection to the database reset, 50 times, 100 ms apart',
  async (net, { wait }) => {
    for (let turn = 0; turn < 50; turn += 1) {
      net.reset();
      await wait(100);
    }
  },
);

export const networkFaults = [cut, reset];
