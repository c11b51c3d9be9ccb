import { Controller, HttpCode, Post, UseFilters, UseGuards } from '@nestjs/common';
import { ApiNotifyUpdate, NOTIFY_UPDATE_PATH } from '@gateway/d1-contract';
import { CurrentCaller, type Caller } from '../auth/access-tokens/caller.js';
import { D1Guard } from '../auth/d1.guard.js';
import { D1ErrorFilter } from '../http/filters/d1-error.filter.js';
import { VerdictGuard } from './fast-lane/verdict.js';
import { IntakeRoleGuard } from './intake/intake-role.guard.js';
import { NotificationsService } from './notifications.service.js';
import { CheckedCall, type NotifyUpdateCall } from './notify-update-call.js';

/** D1 says that a token has changed. */
@Controller()
@UseFilters(D1ErrorFilter)
export class NotificationsController {
  constructor(private readonly notifications: NotificationsService) {}

  @Post(NOTIFY_UPDATE_PATH)
  @HttpCode(204)
  @UseGuards(IntakeRoleGuard, D1Guard, VerdictGuard)
  @ApiNotifyUpdate()
  notifyUpdate(@CheckedCall() call: NotifyUpdateCall, @CurrentCaller() caller: Caller): Promise<void> {
    return this.notifications.accept(call, caller);
  }
}
