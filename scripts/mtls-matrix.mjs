// Makes a CA and clients of all kinds, starts gateways that ask for a certificate, calls them with curl and openssl, and writes
// what came back into docs/mtls.md; with --check it compares. Fails where an answer is not the one that is right. Needs
// `npm run build`, openssl and curl.
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Asker } from './mtls/ask.mjs';
import { CHAPTERS } from './mtls/cases.mjs';
import { Certificates } from './mtls/certificates.mjs';
import { startGateway } from './mtls/gateway.mjs';

const DOCUMENT = 'docs/mtls.md';
const [BEGIN, END] = ['<!-- mtls-matrix -->', '<!-- /mtls-matrix -->'];
const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });

const certificates = new Certificates();
const parts = [];
try {
  for (const chapter of CHAPTERS) parts.push(await transcriptOf(chapter));
} finally {
  certificates.remove();
}
const text = parts.join('\n\n');
const page = readFileSync(DOCUMENT, 'utf8');
const [from, to] = [page.indexOf(BEGIN) + BEGIN.length, page.indexOf(END)];
if (values.check && verdicts(page.slice(from, to)) !== verdicts(text)) {
  console.error(`${DOCUMENT} says something else. Run node scripts/mtls-matrix.mjs and look at what has changed.`);
  process.exit(1);
}
if (!values.check) writeFileSync(DOCUMENT, `${page.slice(0, from)}\n\n${text}\n\n${page.slice(to)}`);
console.log(`${text.match(/^# /gm).length} cases as they should be, and as ${DOCUMENT} has them`);

async function transcriptOf({ title, accessTokens = {}, curl = [], openssl = [], ...settings }) {
  const gateway = await startGateway(certificates, settings);
  try {
    const asker = new Asker(certificates, gateway);
    const asked = [
      ...Object.entries(accessTokens).map((one) => asker.accessToken(one)),
      ...curl.map((one) => asker.notify(one)),
      ...openssl.map((one) => asker.handshake(one)),
    ];
    return `### ${title}\n\n\`\`\`\n${asked.join('\n\n')}\n\`\`\``;
  } finally {
    await gateway.stop();
  }
}

/** Without what another version of curl or openssl words in its own way: which cipher it is, and how a refusal is called. */
function verdicts(transcript) {
  return transcript
    .trim()
    .replaceAll(/^(New, TLSv1\.\d), Cipher is .*$/gm, '$1')
    .replaceAll(/^(alert [a-z ]+|unsupported protocol)$/gm, 'refused')
    .replaceAll(/^Verif(y return code|ication): (0 \()?ok\)?$/gim, 'verified');
}
