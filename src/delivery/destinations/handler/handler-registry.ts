import type { MerchantHandler } from '@gateway/merchant-kit';
import { Injectable } from '@nestjs/common';

export interface RegisteredHandler {
  readonly name: string;
  /** Whose it is. */
  readonly team: string;
  readonly handler: MerchantHandler;
}

/** Teams' handlers by name. */
@Injectable()
export class HandlerRegistry {
  private readonly handlers = new Map<string, RegisteredHandler>();

  /** @throws Error where the name is taken: which of two handlers gets the events must not be chance */
  register(name: string, handler: MerchantHandler, team: string = name): void {
    if (this.handlers.has(name)) throw new Error(`Two handlers are called ${name}`);
    this.handlers.set(name, { name, team, handler });
  }

  find(name: string): RegisteredHandler | undefined {
    return this.handlers.get(name);
  }

  all(): readonly RegisteredHandler[] {
    return [...this.handlers.values()];
  }
}
