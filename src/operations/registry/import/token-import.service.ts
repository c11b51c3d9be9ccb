import { Injectable, Logger } from '@nestjs/common';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { describeCause } from '../../../http/log-error.js';
import { TokenRegistrar } from '../../../registry/token-registrar.js';
import { assertMayActFor, type Actor } from '../../audit/actor.js';
import { assertMerchant, type MerchantPath } from '../merchants.service.js';
import { RegistryChanges } from '../registry-changes.js';
import { merchantTarget } from '../registry-path.js';
import type { ImportedLine } from './imported-line.js';
import type { ImportReport } from './import-report.js';
import { SortedWindow } from './sorted-window.js';

/** Registers as many tokens as come, batch by batch as they come. */
@Injectable()
export class TokenImportService {
  private readonly logger = new Logger(TokenImportService.name);

  constructor(
    private readonly registrar: TokenRegistrar,
    private readonly changes: RegistryChanges,
    private readonly dataSource: DataSource,
  ) {}

  /** @throws NotFound where the caller has no such merchant */
  async assertAllowed(path: MerchantPath, actor: Actor): Promise<void> {
    assertMayActFor(actor, path.merchantGatewayId);
    await assertMerchant(this.dataSource.manager, path);
  }

  /** What could be registered is, whatever comes between; it can be imported again. Little is read ahead of the database. */
  async run(
    path: MerchantPath,
    lines: AsyncIterable<readonly ImportedLine[]>,
    report: ImportReport,
    actor: Actor,
  ): Promise<void> {
    try {
      await this.registerAll(path, lines, report);
      await this.conclude(path, report, actor);
      report.done();
    } catch (error) {
      this.logger.warn({ msg: 'An import was broken off', cause: describeCause(error) });
      report.failed('It could not go on; what is counted is on disk');
      await this.conclude(path, report, actor).catch((again: unknown) =>
        this.logger.error({ msg: 'An import is not in the audit log', cause: describeCause(again) }),
      );
    }
  }

  private async registerAll(
    path: MerchantPath,
    lines: AsyncIterable<readonly ImportedLine[]>,
    report: ImportReport,
  ): Promise<void> {
    const window = new SortedWindow(this.registrar.batchSize);
    try {
      for await (const some of lines) {
        for (const line of some) {
          if ('problem' in line) report.passedOver(line.line, line.problem);
          else window.add(line.id);
          if (window.isFull) await this.register(path, window, report);
        }
      }
    } finally {
      // What has come counts, even if no more does.
      await this.register(path, window, report);
    }
  }

  private async register(
    { merchantGatewayId, merchantId }: MerchantPath,
    window: SortedWindow,
    report: ImportReport,
  ): Promise<void> {
    for (const ids of window.take(this.registrar.batchSize)) {
      report.committed(ids.length, await this.registrar.register(merchantGatewayId, merchantId, ids));
      // On SQLite nothing above gives way to other requests.
      await nextTurn();
    }
  }

  /** One entry in the audit log for all; and what was unmatched goes out. */
  private async conclude(path: MerchantPath, { totals }: ImportReport, actor: Actor): Promise<void> {
    const { merchantGatewayId } = path;
    const change = {
      action: 'token.import',
      merchantGatewayId,
      target: `${merchantTarget(path)}/tokens`,
      after: totals,
    };
    await this.changes.run(actor, async () => Promise.resolve({ result: undefined, change }));
  }
}
