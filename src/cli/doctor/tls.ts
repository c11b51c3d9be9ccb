import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { Clock } from '../../clock/clock.js';
import type { GatewayConfig } from '../../config/gateway-config.js';
import { readTlsMaterial } from '../../http/tls/tls-material.js';
import { keyFilePermissions } from './file-permissions.js';
import { failure, ok, warning, type Finding } from './finding.js';

const DAY_MS = 86_400_000;
const SOON_DAYS = 30;

export async function examineTls({ server, database }: GatewayConfig): Promise<readonly Finding[]> {
  const { tls, publicUrl, clientCertificates } = server;
  const databaseTls = database.engine === 'postgres' ? database.tls : undefined;
  return [
    ...(tls
      ? await ownCertificate('TLS_CERT_FILE', tls.certFile, 'TLS_KEY_FILE', tls.keyFile)
      : [ok('tls', 'not by the gateway itself; a proxy in front is expected to speak it')]),
    ...(tls ? await nameOf(tls.certFile, publicUrl) : []),
    ...(clientCertificates.caFile ? await bundle('TLS_CLIENT_CA_FILE', clientCertificates.caFile) : []),
    ...(clientCertificates.crlFile ? revocationLists(server) : []),
    ...(databaseTls?.caFile ? await bundle('DATABASE_SSL_CA_FILE', databaseTls.caFile) : []),
    ...(databaseTls?.certFile && databaseTls.keyFile
      ? await ownCertificate(
          'DATABASE_SSL_CERT_FILE',
          databaseTls.certFile,
          'DATABASE_SSL_KEY_FILE',
          databaseTls.keyFile,
        )
      : []),
  ];
}

async function ownCertificate(
  setting: string,
  certFile: string,
  keySetting: string,
  keyFile: string,
): Promise<Finding[]> {
  const chain = await certificates(setting, certFile);
  if (!Array.isArray(chain)) return [chain];
  const key = await readText(keySetting, keyFile);
  if (typeof key !== 'string') return [key];
  return [
    ...chain.map((certificate) => validity(setting, certificate)),
    ...chainFindings(setting, chain),
    keyFinding(keySetting, key, chain),
    ...(await keyFilePermissions(keySetting, keyFile)),
  ];
}

function keyFinding(setting: string, pem: string, [leaf]: readonly X509Certificate[]): Finding {
  try {
    if (leaf?.checkPrivateKey(createPrivateKey(pem))) return ok(setting, 'belongs to the certificate');
    return failure(setting, 'is not the key of the certificate', 'Take the key and the certificate from one issuing.');
  } catch {
    return failure(setting, 'is no private key in PEM', 'Give an unencrypted private key in PEM.');
  }
}

/** Each is signed by the next; one that is not a root needs at least its issuer. */
function chainFindings(setting: string, chain: readonly X509Certificate[]): Finding[] {
  const broken = chain.findIndex((one, index) => index + 1 < chain.length && !isSignedBy(one, chain[index + 1]));
  if (broken >= 0) {
    return [
      failure(
        setting,
        `certificate ${broken + 1} is not signed by the one after it`,
        'Order the file: the server first, then its issuer, and so on.',
      ),
    ];
  }
  const [leaf] = chain;
  if (chain.length > 1 || (leaf && isSignedBy(leaf, leaf))) return [];
  return [ok(setting, `holds no intermediate; D1 must then trust the issuer itself (${oneLine(leaf?.issuer ?? '')})`)];
}

function isSignedBy(one: X509Certificate, issuer: X509Certificate | undefined): boolean {
  return issuer !== undefined && one.checkIssued(issuer) && one.verify(issuer.publicKey);
}

/** D1 checks the name of the URL that it calls. */
async function nameOf(certFile: string, publicUrl: string): Promise<Finding[]> {
  const chain = await certificates('TLS_CERT_FILE', certFile);
  const hostname = new URL(publicUrl).hostname.replaceAll(/[[\]]/g, '');
  if (!Array.isArray(chain) || hostname === 'localhost') return [];
  const [leaf] = chain;
  const isForIt = isIP(hostname) === 0 ? leaf?.checkHost(hostname) : leaf?.checkIP(hostname);
  if (isForIt) return [ok('TLS_CERT_FILE', `is for ${hostname}`)];
  return [failure('TLS_CERT_FILE', `is not for ${hostname}`, 'Get one with the name in PUBLIC_URL, or correct that.')];
}

async function bundle(setting: string, file: string): Promise<Finding[]> {
  const found = await certificates(setting, file);
  return Array.isArray(found) ? found.map((certificate) => validity(setting, certificate)) : [found];
}

/** Each, as the gateway reads them: a list that has run out refuses everybody of its CA. */
function revocationLists(server: GatewayConfig['server']): Finding[] {
  const setting = 'TLS_CLIENT_CRL_FILE';
  try {
    const lists = readTlsMaterial(server).expiries.filter((one) => one.setting === setting);
    return lists.map(({ subject, notAfterMs }) => {
      const until = new Date(notAfterMs).toISOString();
      const name = `the list of ${oneLine(subject) || 'a CA that is not in TLS_CLIENT_CA_FILE'}`;
      if (notAfterMs <= new Clock().nowMs())
        return failure(
          setting,
          `${name} ran out on ${until}`,
          'Fetch the next one: until then its CA’s certificates are refused.',
        );
      return ok(setting, `${name} is good until ${until}`);
    });
  } catch (error) {
    return [failure(setting, (error as Error).message, 'The gateway would not start with it. Correct the file.')];
  }
}

function validity(setting: string, { validTo, validFrom, subject }: X509Certificate): Finding {
  const nowMs = new Clock().nowMs();
  const name = oneLine(subject);
  const days = Math.floor((Date.parse(validTo) - nowMs) / DAY_MS);
  const until = new Date(validTo).toISOString().slice(0, 10);
  if (Date.parse(validTo) <= nowMs) return failure(setting, `${name} expired on ${until}`, 'Replace it.');
  if (Date.parse(validFrom) > nowMs)
    return failure(setting, `${name} is not valid yet`, 'Check the clock, or wait with this certificate.');
  if (days < SOON_DAYS)
    return warning(setting, `${name} expires in ${days} days (${until})`, 'Have it replaced in time.');
  return ok(setting, `${name} is valid until ${until}`);
}

async function certificates(setting: string, file: string): Promise<X509Certificate[] | Finding> {
  const text = await readText(setting, file);
  if (typeof text !== 'string') return text;
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  try {
    if (blocks.length > 0) return blocks.map((pem) => new X509Certificate(pem));
  } catch {
    // Told below.
  }
  return failure(setting, `${file} holds no certificate in PEM`, 'Give the certificate in PEM, with its chain.');
}

async function readText(setting: string, file: string): Promise<string | Finding> {
  return readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) =>
    failure(
      setting,
      `${file} cannot be read: ${cause.code}`,
      'Check the path, and that the gateway’s user may read it.',
    ),
  );
}

const oneLine = (name: string): string => name.replaceAll('\n', ', ');
