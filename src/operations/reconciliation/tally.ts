import type { MerchantCount, Orphan, StateCount, Undelivered } from '../repository/reconciliation.repository.js';
import { MAX_IDS, type MerchantReconciliation } from './reconciliation-report.js';

/** Adds up what is found range by range. */
export class Tally {
  private readonly merchants = new Map<string, MerchantReconciliation>();
  private readonly named = { notifications: 0, deliveries: 0 };

  constructor(merchantIds: readonly string[]) {
    for (const id of merchantIds) this.of(id);
  }

  addNotifications(counts: readonly MerchantCount[]): void {
    for (const { merchantId, count } of counts) this.of(merchantId).notifications += Number(count);
  }

  addDeliveries(counts: readonly StateCount[]): void {
    for (const { merchantId, state, count } of counts) {
      const merchant = this.of(merchantId);
      merchant[state] += Number(count);
      merchant.deliveries += Number(count);
    }
  }

  addUndelivered(found: readonly Undelivered[]): void {
    for (const { merchantId, notificationId, count } of found) {
      this.of(merchantId).deliveries += Number(count);
      this.name(merchantId, 'notifications', notificationId);
    }
  }

  addOrphans(found: readonly Orphan[]): void {
    for (const { merchantId, deliveryId } of found) this.name(merchantId, 'deliveries', deliveryId);
  }

  results(): MerchantReconciliation[] {
    return [...this.merchants.values()];
  }

  private name(merchantId: string, kind: 'notifications' | 'deliveries', id: string): void {
    const merchant = this.of(merchantId);
    merchant.balanced = false;
    merchant.unaccounted[kind].count += 1;
    if (this.named[kind] >= MAX_IDS) return;
    this.named[kind] += 1;
    merchant.unaccounted[kind].ids.push(id);
  }

  private of(merchantId: string): MerchantReconciliation {
    const known = this.merchants.get(merchantId);
    if (known) return known;
    const merchant: MerchantReconciliation = {
      merchantId,
      notifications: 0,
      deliveries: 0,
      delivered: 0,
      pending: 0,
      dead: 0,
      cancelled: 0,
      unaccounted: { notifications: { count: 0, ids: [] }, deliveries: { count: 0, ids: [] } },
      balanced: true,
    };
    this.merchants.set(merchantId, merchant);
    return merchant;
  }
}
