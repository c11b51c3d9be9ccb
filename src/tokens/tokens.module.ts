import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuthModule } from '../auth/auth.module.js';
import { ConnectionBurst } from '../http/connection-burst.js';
import { RegistryModule } from '../registry/registry.module.js';
import { DirectorySweep } from './directory/directory-sweep.js';
import { TokenAdmission } from './directory/token-admission.js';
import { TokenDirectories } from './directory/token-directories.js';
import { Delivery } from './entities/delivery.entity.js';
import { FailedNotification } from './entities/failed-notification.entity.js';
import { Notification } from './entities/notification.entity.js';
import { UnmatchedNotification } from './entities/unmatched-notification.entity.js';
import { FastLane } from './fast-lane/fast-lane.js';
import { Intake } from './intake/intake.js';
import { IntakeEvents } from './intake/intake-events.js';
import { IntakeLoad } from './intake/intake-load.js';
import { NotificationsController } from './notifications.controller.js';
import { NotificationsService } from './notifications.service.js';
import { NotificationsRepository } from './repository/notifications.repository.js';
import { notificationsRepositoryProvider } from './repository/notifications-repository.providers.js';
import { UnmatchedMatcher } from './unmatched/unmatched-matcher.js';

/** The intake: notify-update and its notifications. */
@Module({
  imports: [
    AuthModule,
    RegistryModule,
    TypeOrmModule.forFeature([Delivery, FailedNotification, Notification, UnmatchedNotification]),
  ],
  controllers: [NotificationsController],
  providers: [
    notificationsRepositoryProvider,
    ConnectionBurst,
    FastLane,
    DirectorySweep,
    Intake,
    IntakeEvents,
    IntakeLoad,
    NotificationsService,
    TokenAdmission,
    TokenDirectories,
    UnmatchedMatcher,
  ],
  exports: [ConnectionBurst, FastLane, IntakeEvents, IntakeLoad, NotificationsRepository, TokenDirectories],
})
export class TokensModule {}
