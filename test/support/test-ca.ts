import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClientTls } from './tls.js';

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

export interface Wanted {
  readonly subject?: string;
  readonly extensions?: string;
  /** Negative: it has run out already. */
  readonly days?: number;
}

/** A CA that revokes, made with openssl in a folder of its own. */
export class TestCa {
  readonly folder: string;

  private constructor(
    readonly name: string,
    private readonly parent?: TestCa,
  ) {
    this.folder = mkdtempSync(join(tmpdir(), 'gateway-ca-'));
    mkdirSync(join(this.folder, 'new'));
    writeFileSync(this.file('index.txt'), '');
    writeFileSync(this.file('serial'), '1000\n');
    writeFileSync(this.file('crlnumber'), '01\n');
    writeFileSync(this.file('openssl.cnf'), CONFIGURATION);
  }

  static root(name: string): TestCa {
    const ca = new TestCa(name);
    const how = ['-x509', ...NEW_KEY, '-days', '30', '-keyout', 'ca.key', '-out', 'ca.pem'];
    const extensions = ['-addext', 'keyUsage=critical,keyCertSign,cRLSign'];
    ca.openssl('req', ...how, '-subj', `/CN=${name}`, ...extensions);
    return ca;
  }

  /** A CA below this one. */
  intermediate(name: string): TestCa {
    const ca = new TestCa(name, this);
    const extensions = 'basicConstraints = critical,CA:true\nkeyUsage = critical,keyCertSign,cRLSign';
    const { cert, key } = this.issue({ subject: `/CN=${name}`, extensions });
    writeFileSync(ca.file('ca.pem'), cert);
    writeFileSync(ca.file('ca.key'), key);
    return ca;
  }

  file(name: string): string {
    return join(this.folder, name);
  }

  get pem(): string {
    return readFileSync(this.file('ca.pem'), 'utf8');
  }

  issue({ subject = '/CN=d1', extensions = '', days = 2 }: Wanted = {}): { cert: string; key: string } {
    writeFileSync(this.file('extensions'), extensions === '' ? 'basicConstraints = CA:false\n' : `${extensions}\n`);
    this.openssl('req', ...NEW_KEY, '-keyout', 'one.key', '-out', 'one.csr', '-subj', subject);
    const span = days < 0 ? ['-startdate', '20200101000000Z', '-enddate', '20210101000000Z'] : ['-days', String(days)];
    this.openssl(
      'ca',
      '-batch',
      '-notext',
      '-preserveDN',
      '-config',
      'openssl.cnf',
      '-extfile',
      'extensions',
      ...span,
      '-in',
      'one.csr',
      '-out',
      'one.pem',
    );
    return { cert: readFileSync(this.file('one.pem'), 'utf8'), key: readFileSync(this.file('one.key'), 'utf8') };
  }

  /** What a client of it shows: its certificate with the CAs up to the root, and whom it trusts. */
  client(serverCa: string, wanted: Wanted = {}): ClientTls & { cert: Buffer; key: Buffer } {
    const { cert, key } = this.issue(wanted);
    return {
      ca: Buffer.from(serverCa),
      cert: Buffer.from(cert + (this.parent ? this.pem : '')),
      key: Buffer.from(key),
    };
  }

  revoke(cert: Buffer): void {
    writeFileSync(this.file('revoked.pem'), cert);
    this.openssl('ca', '-config', 'openssl.cnf', '-revoke', 'revoked.pem');
  }

  /** The list of what it has revoked. */
  crl(days = 7): string {
    const span =
      days < 0
        ? ['-crl_lastupdate', '20200101000000Z', '-crl_nextupdate', '20210101000000Z']
        : ['-crldays', String(days)];
    this.openssl('ca', '-config', 'openssl.cnf', '-gencrl', ...span, '-out', 'crl.pem');
    return readFileSync(this.file('crl.pem'), 'utf8');
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private openssl(...args: string[]): void {
    execFileSync('openssl', args, { cwd: this.folder, stdio: 'pipe' });
  }
}

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
copy_extensions = none
[any]
commonName = optional
organizationName = optional
countryName = optional
`;
