/** A merchant, as D1's paths name it. */
export interface MerchantRef {
  /** 10 characters, `MGW_…`. */
  readonly merchantGatewayId: string;
  /** 11 characters. */
  readonly merchantId: string;
}

/** What concerns some merchants only. Read once, at start; two teams cannot have the same merchant. */
export interface ForMerchants {
  /** At least one; another team cannot have the same for the same purpose. */
  readonly merchants: readonly MerchantRef[];
}
