// Where the updates are, merchant by merchant.

const COLUMNS = ['', 'answers', 'accepted', 'delivered', 'pending', 'dead', 'webhooks', 'duplicates'];
const LEFT = 2;
const ANSWERS = { ok: '204', fail: '500', hang: 'nothing' };

/** The gateway's account of each shop beside the shop's own. */
export function statusTable(shops, reconciliation) {
  const rows = shops.map(({ merchantId, name, receiver }) => {
    const { notifications, delivered, pending, dead } = reconciliation.find((row) => row.merchantId === merchantId);
    const duplicates = receiver.received.filter(({ duplicate }) => duplicate).length;
    const counts = [notifications, delivered, pending, dead, receiver.received.length, duplicates];
    return [name, ANSWERS[receiver.behaviour.kind], ...counts.map(String)];
  });
  return textTable([COLUMNS, ...rows]);
}

function textTable(rows) {
  const widths = COLUMNS.map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows
    .map((row) =>
      row.map((cell, column) => (column < LEFT ? cell.padEnd(widths[column]) : cell.padStart(widths[column]))),
    )
    .map((cells) => `  ${cells.join('  ')}`)
    .join('\n');
}
