import { AddressBusy } from '../auth-errors.js';

/** What one address may have waiting and running at a time. */
export class AddressPlaces {
  private readonly taken = new Map<string, number>();

  constructor(private readonly perAddress: number) {}

  /**
   * @param work told whether the address has nothing else waiting or running
   * @throws AddressBusy where all places of the address are taken
   */
  async hold<T>(address: string, work: (isAlone: boolean) => Promise<T>): Promise<T> {
    const taken = this.taken.get(address) ?? 0;
    if (taken >= this.perAddress) throw new AddressBusy();
    this.taken.set(address, taken + 1);
    try {
      return await work(taken === 0);
    } finally {
      this.release(address);
    }
  }

  private release(address: string): void {
    const left = (this.taken.get(address) ?? 1) - 1;
    if (left > 0) this.taken.set(address, left);
    else this.taken.delete(address);
  }
}
