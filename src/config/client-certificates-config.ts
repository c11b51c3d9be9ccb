import type { Environment } from './environment.js';
import type { ClientCertificatesConfig } from './gateway-config.js';

const SUBJECT = /^((DNS|URI):\S+|[A-Za-z][A-Za-z0-9.-]*=.+)$/;

/** What is wrong with the settings about callers' certificates, taken together. */
export function clientCertificateFaults(env: Environment): string[] {
  const faults: string[] = [];
  const byHeader = env.CLIENT_CERT_HEADER !== 'none';
  if (env.TLS_CLIENT_CA_FILE && !env.TLS_CERT_FILE && !byHeader) {
    faults.push('TLS_CLIENT_CA_FILE needs TLS_CERT_FILE and TLS_KEY_FILE, or CLIENT_CERT_HEADER');
  }
  if (env.D1_AUTHENTICATION.includes('mtls') && !env.TLS_CLIENT_CA_FILE && !byHeader) {
    faults.push(`D1_AUTHENTICATION=${env.D1_AUTHENTICATION} needs TLS_CLIENT_CA_FILE`);
  }
  if (byHeader && !env.TRUSTED_PROXIES) {
    faults.push('CLIENT_CERT_HEADER needs TRUSTED_PROXIES: anybody can send a header');
  }
  if (env.TLS_CLIENT_CRL_FILE && !env.TLS_CLIENT_CA_FILE) {
    faults.push('TLS_CLIENT_CRL_FILE needs TLS_CLIENT_CA_FILE');
  }
  const places = subjectsOf(env).flatMap((subject, index) => (SUBJECT.test(subject) ? [] : [index + 1]));
  if (places.length > 0) {
    faults.push(`TLS_CLIENT_SUBJECTS: entry ${places.join(', ')} must be a distinguished name, DNS:… or URI:…`);
  }
  return faults;
}

export function clientCertificatesConfig(env: Environment): ClientCertificatesConfig {
  return {
    header: env.CLIENT_CERT_HEADER,
    ...(env.TLS_CLIENT_CA_FILE && { caFile: env.TLS_CLIENT_CA_FILE }),
    ...(env.TLS_CLIENT_CRL_FILE && { crlFile: env.TLS_CLIENT_CRL_FILE }),
    subjects: subjectsOf(env),
  };
}

/** Semicolons stand between the entries: in a distinguished name they are escaped (RFC 4514, section 2.4). */
function subjectsOf({ TLS_CLIENT_SUBJECTS: text = '' }: Environment): string[] {
  return (text.match(/(?:[^;\\]|\\.)+/g) ?? []).map((entry) => entry.trim()).filter(Boolean);
}
