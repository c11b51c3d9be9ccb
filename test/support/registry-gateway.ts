import { send, type Answer, type Call } from './http.js';
import { D1_CLIENT, MERCHANT, MERCHANT_GATEWAY, TestGateway, TOKEN, type TestGatewayOptions } from './test-gateway.js';

/** Of every merchant gateway. */
export const ADMIN = 'admin';
/** Of the first merchant gateway. */
export const LIMITED = 'limited';
export const READER = 'reader';
export const OTHER_GATEWAY = 'MGW_000002';

const PROVISION = {
  merchantGateways: [
    { id: MERCHANT_GATEWAY, name: 'Example PSP', merchants: [{ id: MERCHANT, name: 'Example shop', tokens: [TOKEN] }] },
    { id: OTHER_GATEWAY, name: 'Other PSP', merchants: [{ id: '20610027312', name: 'Other shop', tokens: ['t-1'] }] },
  ],
  clients: [
    { clientId: D1_CLIENT, scopes: ['d1:notify'], merchantGateways: [MERCHANT_GATEWAY] },
    { clientId: 'other_bank', scopes: ['d1:notify'], merchantGateways: [OTHER_GATEWAY] },
    { clientId: ADMIN, scopes: ['gateway:operate'], merchantGateways: ['*'] },
    { clientId: LIMITED, scopes: ['gateway:operate'], merchantGateways: [MERCHANT_GATEWAY] },
    { clientId: READER, scopes: ['gateway:read'], merchantGateways: [MERCHANT_GATEWAY] },
  ],
};

interface RegistryCall extends Omit<Call, 'body'> {
  readonly as?: string;
  readonly body?: object | string;
}

/** A gateway with a registry to change, and somebody of every kind to do so. */
export class RegistryGateway {
  private readonly accessTokens = new Map<string, Promise<string>>();

  private constructor(readonly gateway: TestGateway) {}

  static async start(options: Omit<TestGatewayOptions, 'provision'> = {}): Promise<RegistryGateway> {
    return new RegistryGateway(await TestGateway.start({ ...options, provision: PROVISION }));
  }

  async call(
    method: string,
    path: string,
    { as = ADMIN, body, headers = {}, ...call }: RegistryCall = {},
  ): Promise<Answer> {
    const type = body === undefined || typeof body === 'string' ? {} : { 'content-type': 'application/json' };
    const text = typeof body === 'object' ? JSON.stringify(body) : body;
    return send(this.gateway.url, path, {
      ...call,
      method,
      headers: { ...(await this.authorization(as)), ...type, ...headers },
      ...(text !== undefined && { body: text }),
    });
  }

  async authorization(clientId: string): Promise<{ authorization: string }> {
    const accessToken = this.accessTokens.get(clientId) ?? this.gateway.accessToken(clientId);
    this.accessTokens.set(clientId, accessToken);
    return { authorization: `Bearer ${await accessToken}` };
  }

  close(): Promise<void> {
    return this.gateway.close();
  }
}

/** The body of a refusal. */
export function problem(status: number, title: string, detail: string): object {
  return { type: 'about:blank', title, status, detail };
}
