// The end: what D1 sent against what the merchants have, and against what the gateway says.

/** @returns whether every update arrived, and the lines that show it */
export function verdictOf({ run, lastAcceptedAtMs, shops, reconciliation }) {
  const accepted = new Set(run.acceptedCorrelationIds);
  const received = shops.flatMap(({ receiver }) => receiver.received);
  const taken = received.filter(({ answer }) => answer === 204);
  const takenCorrelationIds = new Set(taken.map(({ event }) => event.data.correlationId));
  const missing = [...accepted].filter((id) => !takenCorrelationIds.has(id));
  const webhookIds = new Set(taken.map(({ webhookId }) => webhookId)).size;
  const total = (field) => reconciliation.reduce((sum, row) => sum + row[field], 0);

  const checks = [
    [run.answersByStatus[204] === run.requested, `D1 sent ${run.requested} notifications, ${accepted.size} got 204`],
    [
      missing.length === 0 && webhookIds === accepted.size,
      `the merchants have ${webhookIds} different updates, ${missing.length} are missing`,
    ],
    [
      reconciliation.every(({ balanced }) => balanced) && total('delivered') === accepted.size,
      `reconciliation: ${total('notifications')} accepted = ${total('delivered')} delivered + ${total('pending')} pending` +
        ` + ${total('dead')} dead + ${total('cancelled')} cancelled`,
    ],
  ];
  const count = (field) => received.filter((webhook) => webhook[field]).length;
  return {
    passed: checks.every(([passed]) => passed),
    lines: [
      ...checks.map(([passed, text]) => `  ${passed ? '✓' : '✗'} ${text}`),
      `    ${received.length} webhooks in all: ${count('duplicate')} duplicates, told by webhook-id;` +
        ` ${count('outOfOrder')} out of order, told by sequence`,
      `    ${promptness(shops[0], lastAcceptedAtMs)}`,
    ],
  };
}

function promptness({ name, receiver }, lastAcceptedAtMs) {
  const last = receiver.received.at(-1);
  if (!last) return `${name} has got nothing`;
  return `${name} had its last update ${Math.max(0, last.atMs - lastAcceptedAtMs)} ms after D1's last 204, whatever the other did`;
}
