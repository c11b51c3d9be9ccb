import { Controller, Get, Headers, HttpCode, Param, Post, UseGuards } from '@nestjs/common';
import { BearerGuard } from './bearer.guard.js';
import { NotificationsService } from './notifications.service.js';
import { NotifyUpdateParams } from './notify-update.params.js';

@Controller()
export class NotificationsController {
  constructor(private readonly notifications: NotificationsService) {}

  @Post('merchant-gateways/:merchantGatewayId/merchants/:merchantId/tokens/:tokenId/notify-update')
  @HttpCode(204)
  @UseGuards(BearerGuard)
  notifyUpdate(
    @Param() params: NotifyUpdateParams,
    @Headers('x-correlation-id') correlationId?: string,
  ): Promise<void> {
    return this.notifications.accept(params, correlationId);
  }

  @Get('ready')
  ready(): string {
    return 'ready';
  }
}
