/** Default of the token URL's path; the path itself is agreed with Thales and a setting. */
export const ACCESS_TOKEN_PATH = '/oauth2/token';

/** Path of token revocation (RFC 7009). */
export const REVOCATION_PATH = '/oauth2/revoke';

/** Path of token introspection (RFC 7662). */
export const INTROSPECTION_PATH = '/oauth2/introspect';

/** Path of "Notify token update", as a route template. */
export const NOTIFY_UPDATE_PATH =
  '/merchant-gateways/:merchantGatewayId/merchants/:merchantId/tokens/:tokenId/notify-update';

/** The path of one notification, ready to be sent. */
export function notifyUpdatePath(merchantGatewayId: string, merchantId: string, tokenId: string): string {
  return `/merchant-gateways/${merchantGatewayId}/merchants/${merchantId}/tokens/${tokenId}/notify-update`;
}
