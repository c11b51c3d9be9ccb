import { D1Client, D1Error, TokenRefresher as D1TokenRefresher } from '@gateway/d1-client';
import { TokenRefresher, type RefreshOptions, type TokenUpdatedEvent } from '@gateway/merchant-kit';
import { Injectable } from '@nestjs/common';
import { toCardState, type CardState } from './card-state.js';

const NOT_FOUND = 404;

/** Asks D1 for a token. The path is agreed with Thales; this one is ours. */
@Injectable()
export class D1CardRefresher extends TokenRefresher<CardState> {
  private readonly d1: D1TokenRefresher<CardState>;

  constructor(client: D1Client) {
    super();
    this.d1 = new D1TokenRefresher({
      client,
      request: ({ data }) => `/merchants/${data.merchantId}/tokens/${data.tokenId}`,
      map: toCardState,
    });
  }

  override async refresh(event: TokenUpdatedEvent, { signal }: RefreshOptions): Promise<CardState | undefined> {
    try {
      return await this.d1.refresh(event, signal);
    } catch (error) {
      if (error instanceof D1Error && error.status === NOT_FOUND) return undefined;
      throw error;
    }
  }
}
