import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { AuthModule } from '../auth/auth.module.js';
import { DeliveryModule } from '../delivery/delivery.module.js';
import { RegistryModule } from '../registry/registry.module.js';
import { TokensModule } from '../tokens/tokens.module.js';
import { AuditController } from './audit/audit.controller.js';
import { AuditRepository } from './audit/audit.repository.js';
import { overviewControllers, overviewProviders } from './overview/overview.providers.js';
import { ReconciliationController } from './reconciliation/reconciliation.controller.js';
import { ReconciliationService } from './reconciliation/reconciliation.service.js';
import { registryControllers, registryProviders } from './registry/registry.providers.js';
import { ReplayAudit } from './replay/replay-audit.js';
import { ReplayController } from './replay/replay.controller.js';
import { ReplayService } from './replay/replay.service.js';
import { DeliverySearchRepository } from './repository/delivery-search.repository.js';
import { NotificationIndex } from './repository/notification-index.js';
import { NotificationSearchRepository } from './repository/notification-search.repository.js';
import { ReconciliationRepository } from './repository/reconciliation.repository.js';
import { ReplayRepository } from './repository/replay.repository.js';
import { Statements } from './repository/statements.js';
import { SearchController } from './search/search.controller.js';
import { SearchService } from './search/search.service.js';
import { CallSearchRepository } from './unmatched/call-search.repository.js';
import { CallsController } from './unmatched/calls.controller.js';
import { FailedReplayMarks } from './unmatched/failed-replay-marks.js';
import { FailedReplayService } from './unmatched/failed-replay.service.js';

/** What operators ask and do: the registry, search, replay, reconcile, audit. */
@Module({
  imports: [AuthModule, RegistryModule, TokensModule, DeliveryModule, AuditModule],
  controllers: [
    SearchController,
    ReplayController,
    CallsController,
    ReconciliationController,
    AuditController,
    ...registryControllers,
    ...overviewControllers,
  ],
  providers: [
    AuditRepository,
    CallSearchRepository,
    DeliverySearchRepository,
    FailedReplayMarks,
    FailedReplayService,
    NotificationIndex,
    NotificationSearchRepository,
    ReconciliationRepository,
    ReconciliationService,
    ReplayAudit,
    ReplayRepository,
    ReplayService,
    SearchService,
    Statements,
    ...registryProviders,
    ...overviewProviders,
  ],
})
export class OperationsModule {}
