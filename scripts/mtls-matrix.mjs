// Makes a CA and clients of all kinds, starts a gateway that asks for a certificate, calls it with curl and openssl, and writes
// what came back into docs/mtls.md. Fails where an answer is not the one that is right. Needs `npm run build`, openssl and curl.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const DOCUMENT = 'docs/mtls.md';
const [BEGIN, END] = ['<!-- mtls-matrix -->', '<!-- /mtls-matrix -->'];
const NOTIFY =
  '/merchant-gateways/MGW_000001/merchants/10610027312/tokens/01fb32ff-5ed0-497f-8835-6af0916f29c0/notify-update';
const SHOWN_PORT = 8443;

/** Client, what is said to curl, and the status that is right; null where the handshake must fail. */
const CURL_CASES = [
  ['the right certificate, TLS 1.3', ['--tlsv1.3', ...shown('d1')], '204'],
  ['the right certificate, TLS 1.2', ['--tls-max', '1.2', ...shown('d1')], '204'],
  ['no certificate', [], '401'],
  ['of another CA', shown('stranger'), '401'],
  ['self-signed', shown('self-signed'), '401'],
  ['expired', shown('expired'), '401'],
  ['revoked', shown('revoked'), '401'],
  ['none of TLS_CLIENT_SUBJECTS', shown('somebody'), '401'],
  [
    'no certificate, and the right one in a header, from an address that is no trusted proxy',
    ['-H', '@client-cert.txt'],
    '401',
  ],
];
const OPENSSL_CASES = [
  ['TLS 1.3', ['-tls1_3'], /^New, TLSv1\.3.*/m],
  ['TLS 1.2', ['-tls1_2'], /^New, TLSv1\.2.*/m],
  ['TLS 1.1 is refused', ['-tls1_1', '-cipher', 'ALL:@SECLEVEL=0'], /alert protocol version|unsupported protocol/],
  [
    'a cipher without forward secrecy is refused',
    ['-tls1_2', '-cipher', 'AES256-GCM-SHA384'],
    /alert handshake failure/,
  ],
];

const folder = mkdtempSync(join(tmpdir(), 'gateway-mtls-'));
makeCertificates();
const port = await freePort();
const gateway = await startGateway();
try {
  const text = [...CURL_CASES.map(curlCase), ...OPENSSL_CASES.map(opensslCase)].join('\n\n');
  const page = readFileSync(DOCUMENT, 'utf8');
  const [before, rest] = [page.slice(0, page.indexOf(BEGIN)), page.slice(page.indexOf(END))];
  writeFileSync(DOCUMENT, `${before}${BEGIN}\n\n\`\`\`\n${text}\n\`\`\`\n\n${rest}`);
  console.log(`${CURL_CASES.length + OPENSSL_CASES.length} cases as they should be, written to ${DOCUMENT}`);
} finally {
  gateway.kill('SIGTERM');
  await once(gateway, 'exit');
  rmSync(folder, { recursive: true });
}

function shown(name) {
  return ['--cert', `${name}.pem`, '--key', `${name}.key`];
}

function curlCase([title, options, expected]) {
  const args = ['-s', '-i', '-X', 'POST', '--cacert', 'ca.pem', ...options, `https://localhost:${port}${NOTIFY}`];
  const { stdout } = spawnSync('curl', args, { cwd: folder, encoding: 'utf8' });
  const [status = ''] = stdout.split('\r\n', 1);
  if (!status.includes(` ${expected}`)) throw new Error(`${title}: ${status || 'no answer'}`);
  const challenge = /^www-authenticate: .*$/im.exec(stdout)?.[0].trim();
  const command = `curl -i -X POST --cacert ca.pem ${options.join(' ')}${options.length > 0 ? ' ' : ''}https://localhost:${SHOWN_PORT}/…/notify-update`;
  return [`# ${title}`, `$ ${command}`, status.trim(), ...(challenge ? [challenge] : [])].join('\n');
}

function opensslCase([title, options, expected]) {
  const common = ['-CAfile', 'ca.pem', '-cert', 'd1.pem', '-key', 'd1.key'];
  const args = ['s_client', '-connect', `localhost:${port}`, ...common, ...options];
  const { stdout, stderr } = spawnSync('openssl', args, { cwd: folder, encoding: 'utf8', input: '' });
  const found = expected.exec(stdout) ?? expected.exec(stderr);
  if (!found) throw new Error(`${title}: ${stderr}`);
  const verified = /^Verif(y return code|ication): .*$/m.exec(stdout)?.[0];
  const command = `openssl s_client -connect localhost:${SHOWN_PORT} ${common.join(' ')} ${options.join(' ')}`;
  return [`# ${title}`, `$ ${command}`, found[0], ...(found[0].startsWith('New') && verified ? [verified] : [])].join(
    '\n',
  );
}

function openssl(...args) {
  execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
}

function makeCertificates() {
  mkdirSync(join(folder, 'new'));
  const write = (name, content) => writeFileSync(join(folder, name), content);
  write('index.txt', '');
  write('serial', '1000\n');
  write('crlnumber', '01\n');
  write('extensions', 'subjectAltName = DNS:localhost\n');
  write(
    'ca.cnf',
    '[ca]\ndefault_ca = it\n[it]\ndatabase = index.txt\nnew_certs_dir = new\nserial = serial\ncrlnumber = crlnumber\n' +
      'certificate = ca.pem\nprivate_key = ca.key\ndefault_md = sha256\npolicy = any\nunique_subject = no\n[any]\ncommonName = supplied\n',
  );
  for (const name of ['ca', 'other-ca', 'self-signed']) request(name, 'd1', '-x509', '-out', `${name}.pem`);
  for (const name of ['server', 'd1', 'revoked', 'somebody'])
    signed(name, name === 'revoked' ? 'd1' : name, '-days', '2');
  signed('expired', 'd1', '-startdate', '20200101000000Z', '-enddate', '20210101000000Z');
  request('stranger', 'd1', '-out', 'stranger.csr');
  openssl(
    'x509',
    '-req',
    '-in',
    'stranger.csr',
    '-CA',
    'other-ca.pem',
    '-CAkey',
    'other-ca.key',
    '-CAcreateserial',
    '-out',
    'stranger.pem',
  );
  openssl('ca', '-config', 'ca.cnf', '-revoke', 'revoked.pem');
  openssl('ca', '-config', 'ca.cnf', '-gencrl', '-crldays', '7', '-out', 'crl.pem');
  const der = execFileSync('openssl', ['x509', '-in', 'd1.pem', '-outform', 'DER'], { cwd: folder });
  write('client-cert.txt', `Client-Cert: :${der.toString('base64')}:\n`);
}

function request(name, commonName, ...options) {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', `${name}.key`];
  openssl('req', ...key, '-subj', `/CN=${commonName}`, ...options);
}

function signed(name, commonName, ...span) {
  request(name, commonName, '-out', `${name}.csr`);
  const files = ['-extfile', 'extensions', '-in', `${name}.csr`, '-out', `${name}.pem`];
  openssl('ca', '-batch', '-notext', '-config', 'ca.cnf', ...span, ...files);
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port: free } = server.address();
  server.close();
  await once(server, 'close');
  return free;
}

async function startGateway() {
  const file = (name) => join(folder, name);
  const child = spawn(process.execPath, [resolve('dist/src/main.js')], {
    env: {
      PATH: process.env.PATH,
      HOST: '127.0.0.1',
      PORT: String(port),
      DATA_DIR: file('data'),
      D1_AUTHENTICATION: 'mtls',
      TLS_CERT_FILE: file('server.pem'),
      TLS_KEY_FILE: file('server.key'),
      TLS_CLIENT_CA_FILE: file('ca.pem'),
      TLS_CLIENT_CRL_FILE: file('crl.pem'),
      TLS_CLIENT_SUBJECTS: 'CN=d1',
      CLIENT_CERT_HEADER: 'rfc9440',
      TRUSTED_PROXIES: '192.0.2.1',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  await new Promise((ready, failed) => {
    child.once('exit', () => failed(new Error(`The gateway did not start: ${output}`)));
    child.stdout.on('data', (chunk) => {
      output += chunk;
      if (output.includes('"msg":"Listening"')) ready();
    });
  });
  return child;
}
