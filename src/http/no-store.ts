/** Of what no cache may keep: answers about access tokens (RFC 6749, section 5.1), and refusals that pass. */
export const NO_STORE = { 'Cache-Control': 'no-store', Pragma: 'no-cache' } as const;
