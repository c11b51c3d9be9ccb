import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestCa } from './test-ca.js';
import type { ClientTls } from './tls.js';

type Client = ClientTls & { readonly cert: Buffer; readonly key: Buffer };

/** The CA that signs D1's certificates, the gateway's files, and clients of all kinds. */
export class MtlsWorld {
  readonly ca = TestCa.root('D1 test CA');
  readonly otherCa = TestCa.root('Another CA');
  readonly intermediate = this.ca.intermediate('D1 issuing CA');
  private readonly folder = mkdtempSync(join(tmpdir(), 'gateway-mtls-'));
  readonly none: ClientTls = { ca: Buffer.from(this.ca.pem) };
  readonly right: Client;
  readonly byIntermediate: Client;
  readonly revoked: Client;
  readonly expired: Client;
  readonly stranger: Client;
  readonly forServers: Client;

  constructor() {
    this.writeServer();
    const subject = '/C=FR/O=Thales, Inc./CN=d1';
    const extensions = 'extendedKeyUsage = clientAuth\nsubjectAltName = DNS:d1.example,URI:spiffe://d1/caller';
    this.right = this.client(this.ca, { subject, extensions });
    this.byIntermediate = this.client(this.intermediate);
    this.revoked = this.client(this.ca);
    this.expired = this.client(this.ca, { days: -1 });
    this.stranger = this.client(this.otherCa);
    this.forServers = this.client(this.ca, { extensions: 'extendedKeyUsage = serverAuth' });
    this.write('ca.pem', this.ca.pem);
    this.ca.revoke(this.revoked.cert);
    this.writeCrl();
  }

  /** Settings of a gateway that terminates TLS. */
  get env(): Record<string, string> {
    return {
      TLS_CERT_FILE: this.file('server.pem'),
      TLS_KEY_FILE: this.file('server.key'),
      TLS_CLIENT_CA_FILE: this.file('ca.pem'),
    };
  }

  get crlEnv(): Record<string, string> {
    return { TLS_CLIENT_CRL_FILE: this.file('crl.pem') };
  }

  client(ca: TestCa, wanted: Parameters<TestCa['issue']>[0] = {}): Client {
    return ca.client(this.ca.pem, wanted);
  }

  writeServer(days = 2): void {
    const { cert, key } = this.ca.issue({ subject: '/CN=gateway', extensions: 'subjectAltName = IP:127.0.0.1', days });
    this.write('server.key', key);
    this.write('server.pem', cert);
  }

  /** The lists as they are now. */
  writeCrl(days?: number): void {
    this.write('crl.pem', this.ca.crl(days) + this.intermediate.crl(days));
  }

  write(name: string, content: string): void {
    writeFileSync(this.file(name), content);
  }

  read(name: string): Buffer {
    return readFileSync(this.file(name));
  }

  file(name: string): string {
    return join(this.folder, name);
  }

  remove(): void {
    for (const ca of [this.ca, this.otherCa, this.intermediate]) ca.remove();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
