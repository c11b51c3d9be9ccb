/** Registers very many tokens, in transactions of their own and so short that the intake is not held up. */
export abstract class TokenRegistrar {
  /** How many one call should be given. */
  abstract readonly batchSize: number;

  /**
   * Those that are registered already stay as they are.
   *
   * @param ids sorted: then two imports of the same tokens cannot wait for each other in a circle
   * @returns how many are new
   * @throws the driver's error, where the merchant is gone, too
   */
  abstract register(merchantGatewayId: string, merchantId: string, ids: readonly string[]): Promise<number>;
}
