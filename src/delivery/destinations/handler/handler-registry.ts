import type { MerchantHandler } from '@gateway/merchant-kit';
import { Injectable } from '@nestjs/common';

/** Teams' handlers by name. A team's module registers its own when it is initialised. */
@Injectable()
export class HandlerRegistry {
  private readonly handlers = new Map<string, MerchantHandler>();

  /** @throws Error where the name is taken: which of two handlers gets the events must not be chance */
  register(name: string, handler: MerchantHandler): void {
    if (this.handlers.has(name)) throw new Error(`Two handlers are called ${name}`);
    this.handlers.set(name, handler);
  }

  find(name: string): MerchantHandler | undefined {
    return this.handlers.get(name);
  }
}
