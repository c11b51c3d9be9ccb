import { Injectable, type OnModuleInit } from '@nestjs/common';
import { GatewayAuthentications } from '../auth/gateway-authentications.js';
import { InstanceChannel } from '../database/channel/instance-channel.js';
import { RegistrationEvents } from './registration-events.js';

/** Makes a registration by one instance one that all hear of. */
@Injectable()
export class SharedRegistrations implements OnModuleInit {
  private repeating = false;

  constructor(
    private readonly events: RegistrationEvents,
    private readonly channel: InstanceChannel,
    private readonly authentications: GatewayAuthentications,
  ) {}

  onModuleInit(): void {
    this.events.on('registered', () => {
      this.authentications.refresh();
      if (!this.repeating) this.channel.publish('registered');
    });
    this.channel.subscribe('registered', () => this.repeat());
  }

  /** Listeners are called before `emit` returns, so that this one knows what is told again. */
  private repeat(): void {
    this.repeating = true;
    this.events.emit('registered');
    this.repeating = false;
  }
}
