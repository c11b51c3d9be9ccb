import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { TokensModule } from '../tokens/tokens.module.js';
import { ReconciliationController } from './reconciliation/reconciliation.controller.js';
import { ReconciliationService } from './reconciliation/reconciliation.service.js';
import { ReplayController } from './replay/replay.controller.js';
import { ReplayService } from './replay/replay.service.js';
import { DeliverySearchRepository } from './repository/delivery-search.repository.js';
import { NotificationSearchRepository } from './repository/notification-search.repository.js';
import { ReconciliationRepository } from './repository/reconciliation.repository.js';
import { ReplayRepository } from './repository/replay.repository.js';
import { Statements } from './repository/statements.js';
import { SearchController } from './search/search.controller.js';
import { SearchService } from './search/search.service.js';

/** What operators ask and do: search, replay, reconcile. */
@Module({
  imports: [AuthModule, TokensModule],
  controllers: [SearchController, ReplayController, ReconciliationController],
  providers: [
    DeliverySearchRepository,
    NotificationSearchRepository,
    ReconciliationRepository,
    ReconciliationService,
    ReplayRepository,
    ReplayService,
    SearchService,
    Statements,
  ],
})
export class OperationsModule {}
