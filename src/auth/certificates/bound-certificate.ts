/** The certificate that an access token is bound to. */
export interface BoundCertificate {
  /** SHA-256 of the certificate, base64url: `x5t#S256` (RFC 8705, section 3.1). */
  readonly thumbprint: string;
  /** SHA-256 of its distinguished name, base64url: that of the certificate that follows it is the same. Absent without a name. */
  readonly subject?: string;
}
