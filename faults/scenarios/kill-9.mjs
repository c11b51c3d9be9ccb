import { playFault } from '../support/play.mjs';

export const killNine = {
  name: 'kill-9',
  fault: ({ quick }) => `\`kill -9\` of an instance, ${times(quick)} times, at random moments; started again each time`,
  engines: ['postgres', 'sqlite'],
  quick: true,
  play: (context) => playFault(context, { fault: (world) => kill(context, world) }),
};

const times = (quick) => (quick ? 6 : 100);

async function kill(context, { gateways }) {
  for (let turn = 0; turn < times(context.quick); turn += 1) {
    // The moment is the point: it must hit whatever the gateway happens to do.
    await context.wait(Math.random() * 400);
    const gateway = gateways[turn % gateways.length];
    await gateway.end('SIGKILL');
    await gateway.start();
  }
}
