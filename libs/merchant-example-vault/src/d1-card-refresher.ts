import { D1Client, D1TokenRefresher } from '@gateway/d1-client';
import { TokenRefresher } from '@gateway/merchant-kit';
import type { FactoryProvider } from '@nestjs/common';
import { toCardState, type CardState } from './card-state.js';

/** Asks D1 for a token. The path is agreed with Thales; this one is ours. */
export const d1CardRefresher: FactoryProvider<TokenRefresher<CardState>> = {
  provide: TokenRefresher,
  inject: [D1Client],
  useFactory: (client: D1Client) =>
    new D1TokenRefresher({
      client,
      request: ({ data }) => `/merchants/${data.merchantId}/tokens/${data.tokenId}`,
      map: toCardState,
    }),
};
