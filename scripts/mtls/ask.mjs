// Asks by curl and openssl, holds the answer against the one that is right, and tells both as a transcript.
import { spawnSync } from 'node:child_process';
import { CLIENT, NOTIFY } from './gateway.mjs';

const SHOWN_PORTS = { https: 8443, http: 8080 };

/** One after the other; @throws where an answer is another one. */
export class Asker {
  constructor(certificates, gateway) {
    this.folder = certificates.folder;
    this.certificates = certificates;
    this.gateway = gateway;
    this.trust = gateway.scheme === 'https' ? ['--cacert', 'ca.pem'] : [];
  }

  accessToken([name, certificate]) {
    const form = ['-u', `${CLIENT.id}:${CLIENT.secret}`, '-d', 'grant_type=client_credentials'];
    const stdout = this.#curl([...this.trust, ...certificate, ...form, this.#url('/oauth2/token')]);
    const { access_token: accessToken } = JSON.parse(stdout.slice(stdout.indexOf('{')));
    this.certificates.write(`${name}.bearer`, `Authorization: Bearer ${accessToken}\n`);
    const command = [...this.trust, ...certificate, '-u', CLIENT.id, form[2], form[3], this.#shown('/oauth2/token')];
    const title = `an access token, fetched ${certificate.length > 0 ? 'with the certificate' : 'without a certificate'}`;
    return transcript(`${title}: ${name}.bearer`, `curl -i ${command.join(' ')}`, [statusOf(stdout)]);
  }

  notify([title, options, expected]) {
    const args = ['-X', 'POST', ...this.trust, ...options];
    const stdout = this.#curl([...args, this.#url(NOTIFY)]);
    const status = statusOf(stdout);
    if (!status.includes(` ${expected}`)) throw new Error(`${title}: ${status || 'no answer'}`);
    const challenge = /^www-authenticate: .*$/im.exec(stdout)?.[0].trim();
    const command = `curl -i ${args.join(' ')} ${this.#shown('/…/notify-update')}`;
    return transcript(title, command, [status, ...(challenge ? [challenge] : [])]);
  }

  handshake([title, options, expected]) {
    const args = ['-CAfile', 'ca.pem', '-cert', 'd1.pem', '-key', 'd1.key', ...options];
    const { stdout, stderr } = spawnSync(
      'openssl',
      ['s_client', '-connect', `localhost:${this.gateway.port}`, ...args],
      { cwd: this.folder, encoding: 'utf8', input: '' },
    );
    const found = expected.exec(stdout) ?? expected.exec(stderr);
    if (!found) throw new Error(`${title}: ${stderr}`);
    const verified = /^Verif(y return code|ication): .*$/m.exec(stdout)?.[0];
    const command = `openssl s_client -connect localhost:${SHOWN_PORTS.https} ${args.join(' ')}`;
    return transcript(title, command, [found[0], ...(found[0].startsWith('New') && verified ? [verified] : [])]);
  }

  #curl(args) {
    return spawnSync('curl', ['-s', '-i', ...args], { cwd: this.folder, encoding: 'utf8' }).stdout;
  }

  #url(path) {
    return `${this.gateway.scheme}://localhost:${this.gateway.port}${path}`;
  }

  #shown(path) {
    return `${this.gateway.scheme}://localhost:${SHOWN_PORTS[this.gateway.scheme]}${path}`;
  }
}

const statusOf = (answer) => answer.split('\r\n', 1)[0].trim();
const transcript = (title, command, lines) => [`# ${title}`, `$ ${command}`, ...lines].join('\n');
