import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';

/** What a client shows, and whom it trusts. */
export interface ClientTls {
  readonly ca: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
}

/** Certificates that openssl has made, in a folder of their own. */
export interface Certificates {
  /** Settings that make a gateway serve TLS and ask for client certificates. */
  readonly env: Readonly<Record<string, string>>;
  /** Of the CA that the gateway trusts. */
  readonly right: ClientTls;
  /** Of the same CA, but expired. */
  readonly expired: ClientTls;
  /** Of another CA. */
  readonly stranger: ClientTls;
  /** Of no CA. */
  readonly selfSigned: ClientTls;
  readonly none: ClientTls;
  remove(): void;
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

export function makeCertificates(): Certificates {
  const folder = mkdtempSync(join(tmpdir(), 'gateway-tls-'));
  const openssl = (...args: string[]): void => void execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  const selfSigned = (name: string): void =>
    openssl('req', '-x509', ...NEW_KEY, '-keyout', `${name}.key`, '-out', `${name}.pem`, '-subj', `/CN=${name}`);
  const signed = (name: string, ca: string, days: string): void => {
    openssl('req', ...NEW_KEY, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`);
    const signing = ['-CA', `${ca}.pem`, '-CAkey', `${ca}.key`, '-CAcreateserial', '-extfile', 'extensions'];
    openssl('x509', '-req', '-in', `${name}.csr`, '-out', `${name}.pem`, '-days', days, ...signing);
  };
  writeFileSync(join(folder, 'extensions'), 'subjectAltName = IP:127.0.0.1\n');
  for (const name of ['ca', 'other-ca', 'self-signed']) selfSigned(name);
  signed('server', 'ca', '2');
  signed('right', 'ca', '2');
  signed('expired', 'ca', '0');
  signed('stranger', 'other-ca', '2');
  const file = (name: string): Buffer => readFileSync(join(folder, name));
  const none: ClientTls = { ca: file('ca.pem') };
  const shown = (name: string): ClientTls => ({ ...none, cert: file(`${name}.pem`), key: file(`${name}.key`) });
  return {
    env: {
      TLS_CERT_FILE: join(folder, 'server.pem'),
      TLS_KEY_FILE: join(folder, 'server.key'),
      TLS_CLIENT_CA_FILE: join(folder, 'ca.pem'),
    },
    right: shown('right'),
    expired: shown('expired'),
    stranger: shown('stranger'),
    selfSigned: shown('self-signed'),
    none,
    remove: () => rmSync(folder, { recursive: true }),
  };
}

/** Connects, and returns the session that the server lets the client resume. */
export async function sessionOf(url: string, client: ClientTls): Promise<Buffer> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), ...client });
  socket.resume();
  const [session] = (await once(socket, 'session')) as [Buffer];
  socket.destroy();
  return session;
}
