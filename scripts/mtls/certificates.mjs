// A CA and clients of all kinds, by openssl, in a folder of their own; and the headers in which a proxy would tell them.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Whose certificates a proxy tells. */
const TOLD = ['d1', 'stranger', 'self-signed', 'expired', 'revoked', 'somebody'];
const CONFIGURATION = `[ca]
default_ca = it
[it]
database = index.txt
new_certs_dir = new
serial = serial
crlnumber = crlnumber
certificate = ca.pem
private_key = ca.key
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
`;

export class Certificates {
  folder = mkdtempSync(join(tmpdir(), 'gateway-mtls-'));

  constructor() {
    mkdirSync(this.file('new'));
    this.write('index.txt', '');
    this.write('serial', '1000\n');
    this.write('crlnumber', '01\n');
    this.write('extensions', 'subjectAltName = DNS:localhost\n');
    this.write('ca.cnf', CONFIGURATION);
    for (const name of ['ca', 'other-ca', 'self-signed']) this.#request(name, 'd1', '-x509', '-out', `${name}.pem`);
    for (const name of ['server', 'd1', 'somebody']) this.#signed(name, name, '-days', '2');
    for (const name of ['revoked', 'd1-renewed']) this.#signed(name, 'd1', '-days', '2');
    this.#signed('expired', 'd1', '-startdate', '20200101000000Z', '-enddate', '20210101000000Z');
    this.#request('stranger', 'd1', '-out', 'stranger.csr');
    const other = ['-CA', 'other-ca.pem', '-CAkey', 'other-ca.key', '-CAcreateserial'];
    this.#openssl('x509', '-req', '-in', 'stranger.csr', ...other, '-out', 'stranger.pem');
    this.#openssl('ca', '-config', 'ca.cnf', '-revoke', 'revoked.pem');
    this.#openssl('ca', '-config', 'ca.cnf', '-gencrl', '-crldays', '7', '-out', 'crl.pem');
    for (const name of TOLD) this.#writeHeaders(name);
    const rfc9440 = readFileSync(this.file('d1.rfc9440'), 'utf8').trim();
    this.write('twice.rfc9440', `${rfc9440}\n${rfc9440}\n`);
    const xfcc = readFileSync(this.file('d1.xfcc'), 'utf8').trim();
    this.write('twice.xfcc', `${xfcc},${xfcc.slice(xfcc.indexOf(' ') + 1)}\n`);
    this.write('hash.xfcc', `${xfcc.replace(/;Cert=.*/, '')};Subject="CN=d1"\n`);
  }

  file(name) {
    return join(this.folder, name);
  }

  write(name, content) {
    writeFileSync(this.file(name), content);
  }

  remove() {
    rmSync(this.folder, { recursive: true });
  }

  #writeHeaders(name) {
    const pem = readFileSync(this.file(`${name}.pem`), 'utf8').match(/-----BEGIN[^]+/)?.[0] ?? '';
    const der = execFileSync('openssl', ['x509', '-in', `${name}.pem`, '-outform', 'DER'], { cwd: this.folder });
    const print = execFileSync('openssl', ['dgst', '-sha256', '-hex', '-r'], { cwd: this.folder, input: der });
    this.write(`${name}.rfc9440`, `Client-Cert: :${der.toString('base64')}:\n`);
    const hash = print.toString().slice(0, 64);
    this.write(`${name}.xfcc`, `x-forwarded-client-cert: Hash=${hash};Cert="${encodeURIComponent(pem)}"\n`);
  }

  #request(name, commonName, ...options) {
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', `${name}.key`];
    this.#openssl('req', ...key, '-subj', `/CN=${commonName}`, ...options);
  }

  #signed(name, commonName, ...span) {
    this.#request(name, commonName, '-out', `${name}.csr`);
    const files = ['-extfile', 'extensions', '-in', `${name}.csr`, '-out', `${name}.pem`];
    this.#openssl('ca', '-batch', '-notext', '-config', 'ca.cnf', ...span, ...files);
  }

  #openssl(...args) {
    execFileSync('openssl', args, { cwd: this.folder, stdio: 'pipe' });
  }
}
