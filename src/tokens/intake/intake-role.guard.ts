import { Injectable, type CanActivate } from '@nestjs/common';
import { GatewayConfig } from '../../config/gateway-config.js';
import { Unavailable } from '../../errors/common-errors.js';

/** An instance without the role takes no notifications: D1 has been sent to the wrong one, and is told to try again. */
@Injectable()
export class IntakeRoleGuard implements CanActivate {
  private readonly hasRole: boolean;

  constructor({ roles }: GatewayConfig) {
    this.hasRole = roles.has('intake');
  }

  canActivate(): boolean {
    if (!this.hasRole) throw new Unavailable({ detail: 'Intake is not a role of this instance' });
    return true;
  }
}
