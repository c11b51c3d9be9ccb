import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuthModule } from '../auth/auth.module.js';
import { RegistryModule } from '../registry/registry.module.js';
import { FailedNotification } from './entities/failed-notification.entity.js';
import { Notification } from './entities/notification.entity.js';
import { UnmatchedNotification } from './entities/unmatched-notification.entity.js';
import { Intake } from './intake/intake.js';
import { NotificationsController } from './notifications.controller.js';
import { NotificationsService } from './notifications.service.js';
import { DeferredRelay } from './relay/deferred-relay.js';
import { NotificationRelay } from './relay/notification-relay.js';
import { notificationsRepositoryProviders } from './repository/notifications-repository.providers.js';
import { UnmatchedMatcher } from './unmatched/unmatched-matcher.js';

/** The intake: notify-update and its notifications. */
@Module({
  imports: [
    AuthModule,
    RegistryModule,
    TypeOrmModule.forFeature([FailedNotification, Notification, UnmatchedNotification]),
  ],
  controllers: [NotificationsController],
  providers: [
    ...notificationsRepositoryProviders,
    { provide: NotificationRelay, useClass: DeferredRelay },
    Intake,
    NotificationsService,
    UnmatchedMatcher,
  ],
})
export class TokensModule {}
