import type { MerchantRef, TokenDirectory } from '@gateway/merchant-kit';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Unavailable } from '../../errors/common-errors.js';

const DEFAULT_TIMEOUT_MS = 1000;
const MAX_TIMEOUT_MS = 5000;
const DEFAULT_REMEMBER_SECONDS = 5;
const MAX_REMEMBERED = 10_000;

interface Entry {
  readonly team: string;
  readonly directory: TokenDirectory;
  readonly timeoutMs: number;
  /** Tokens that are not there, and the questions under way. */
  readonly absent: LRUCache<string, true>;
  readonly asked: Map<string, Promise<boolean>>;
}

/** Merchants whose own vault says which tokens exist. All others are in the registry alone. */
@Injectable()
export class TokenDirectories {
  private readonly entries = new Map<string, Entry>();

  /** @throws Error where another team has the merchant */
  register(team: string, directory: TokenDirectory): void {
    const { timeoutMs = DEFAULT_TIMEOUT_MS, rememberSeconds = DEFAULT_REMEMBER_SECONDS } = directory;
    const entry: Entry = {
      team,
      directory,
      timeoutMs: Math.min(timeoutMs, MAX_TIMEOUT_MS),
      absent: new LRUCache({ max: MAX_REMEMBERED, ttl: Math.max(1, rememberSeconds * 1000) }),
      asked: new Map(),
    };
    for (const merchant of directory.merchants) {
      const other = this.entries.get(keyOf(merchant));
      if (other) throw new Error(`Teams ${other.team} and ${team} both say which tokens ${keyOf(merchant)} has`);
      this.entries.set(keyOf(merchant), entry);
    }
  }

  /** Those with a directory. */
  get merchants(): readonly MerchantRef[] {
    return [...new Set(this.entries.values())].flatMap(({ directory }) => directory.merchants);
  }

  isFor(merchant: MerchantRef): boolean {
    return this.entries.size > 0 && this.entries.has(keyOf(merchant));
  }

  /**
   * @param anew asks again, though the directory did not know it a moment ago
   * @throws Unavailable where the directory does not say in time: D1 is to try again
   */
  async has(merchant: MerchantRef, tokenId: string, { anew = false } = {}): Promise<boolean> {
    const entry = this.entries.get(keyOf(merchant));
    const key = `${keyOf(merchant)}/${tokenId}`;
    if (!entry || (!anew && entry.absent.has(key))) return false;
    const asked = entry.asked.get(key) ?? this.ask(entry, merchant, tokenId);
    entry.asked.set(key, asked);
    try {
      const exists = await asked;
      if (exists) entry.absent.delete(key);
      else entry.absent.set(key, true);
      return exists;
    } finally {
      entry.asked.delete(key);
    }
  }

  private async ask({ team, directory, timeoutMs }: Entry, merchant: MerchantRef, tokenId: string): Promise<boolean> {
    const signal = AbortSignal.timeout(timeoutMs);
    const timeUp = new Promise<never>((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(new Error(`no answer within ${timeoutMs} ms`)), { once: true });
    });
    try {
      const answer: unknown = await Promise.race([(async () => directory.has(merchant, tokenId, signal))(), timeUp]);
      if (typeof answer === 'boolean') return answer;
    } catch (cause) {
      throw new Unavailable({ detail: `The token directory of team ${team} did not say`, cause });
    }
    throw new Unavailable({ detail: `The token directory of team ${team} said neither yes nor no` });
  }
}

function keyOf({ merchantGatewayId, merchantId }: MerchantRef): string {
  return `${merchantGatewayId}/${merchantId}`;
}
