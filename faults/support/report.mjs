// What came of the scenarios: on the terminal, and as the table of docs/faults.md.
import { readFileSync, writeFileSync } from 'node:fs';

const REPORT = 'docs/faults.md';
const BEGIN = '<!-- faults: begin -->';
const END = '<!-- faults: end -->';
const HEAD = [
  '| Scenario | Engine | Fault | Sent | 204 | 503 | No answer | Delivered | Duplicates | Lost | Accounted for | Recovered after: intake, delivery |',
  '|---|---|---|--:|--:|--:|--:|--:|--:|--:|---|---|',
];

export function printResult({ name, engine, skipped, passed, faults = [], noted, tookMs, ...row }) {
  const seconds = tookMs === undefined ? '' : ` (${Math.round(tookMs / 1000)} s)`;
  if (skipped) console.log(`SKIPPED  ${name} on ${engine}: ${skipped}`);
  else
    console.log(
      `${passed ? 'passed ' : 'FAILED '}  ${name} on ${engine}${seconds}: ${summary(row)}${noted ? `; ${noted}` : ''}`,
    );
  for (const fault of faults) console.log(`         ${fault}`);
}

function summary({ sent, accepted, unavailable, unanswered, delivered, duplicates, lost, accounted = '—', recovered }) {
  if (sent === undefined) return 'did not come to its end';
  return (
    `sent ${sent}, 204 ${accepted}, 503 ${unavailable}, no answer ${unanswered}, delivered ${delivered}, ` +
    `duplicates ${duplicates}, lost ${lost}, ${accounted}, recovered ${seconds(recovered)}`
  );
}

const seconds = (recovered) =>
  recovered ? `${inSeconds(recovered.intakeMs)}, ${inSeconds(recovered.deliveryMs)}` : '—';

/** @param ms undefined where nothing of the kind was awaited */
const inSeconds = (ms) => (ms === undefined ? '—' : `${(ms / 1000).toFixed(1)} s`);

export function table(rows) {
  return [...HEAD, ...rows.map(line)].join('\n');
}

function line({
  name,
  engine,
  fault,
  skipped,
  sent,
  accepted,
  unavailable,
  unanswered,
  delivered,
  duplicates,
  lost,
  accounted = '—',
  recovered,
  passed,
  noted,
}) {
  const head = `| \`${name}\` | ${engine} | ${fault}${noted ? `: ${noted}` : ''} |`;
  if (skipped) return `${head} SKIPPED: ${skipped} |||||||||`;
  if (sent === undefined) return `${head} FAILED |||||||||`;
  const numbers = [
    sent,
    accepted,
    unavailable,
    unanswered,
    delivered,
    duplicates,
    `**${lost}**`,
    accounted,
    seconds(recovered),
  ];
  return `${head} ${numbers.join(' | ')}${passed ? '' : ' FAILED'} |`;
}

/** Rows of scenarios that were not played stay as they are. */
export function writeReport(rows) {
  const text = readFileSync(REPORT, 'utf8');
  const [before, rest = ''] = text.split(BEGIN);
  const [old = '', after = ''] = rest.split(END);
  const lines = new Map(
    old
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .map((line) => [keyOf(line), line]),
  );
  for (const row of rows) {
    const written = line(row);
    lines.set(keyOf(written), written);
  }
  writeFileSync(REPORT, [before, BEGIN, '\n', [...HEAD, ...lines.values()].join('\n'), '\n', END, after].join(''));
}

const keyOf = (written) => written.split('|').slice(1, 3).join('|');
