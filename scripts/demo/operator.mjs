// An operator of the gateway, who asks where the updates are.
import { fetchAccessToken } from '../../dist/libs/d1-simulator/src/index.js';

export class Operator {
  #accessToken;

  constructor(gatewayUrl, credentials) {
    this.gatewayUrl = gatewayUrl;
    this.credentials = { ...credentials, scope: 'gateway:operate' };
  }

  /** For each merchant: its notifications, how many were delivered, are pending …, and whether that balances. */
  async reconciliation(merchantGatewayId, signal) {
    this.#accessToken ??= await fetchAccessToken({ baseUrl: this.gatewayUrl, credentials: this.credentials }, signal);
    const response = await fetch(
      `${this.gatewayUrl}/operations/reconciliation?merchantGatewayId=${merchantGatewayId}`,
      { headers: { authorization: `Bearer ${this.#accessToken.value}` }, signal },
    );
    if (!response.ok) throw new Error(`Reconciliation: ${response.status} ${await response.text()}`);
    const { merchants } = await response.json();
    return merchants;
  }
}
