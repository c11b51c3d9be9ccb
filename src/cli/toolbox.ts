import { Injectable } from '@nestjs/common';
import type { OpenToolbox } from './open-toolbox.js';

/** Opens what a command needs when it needs it, so that help and wrong options are answered at once. */
@Injectable()
export class Toolbox {
  async use<T>(work: (toolbox: OpenToolbox) => Promise<T>): Promise<T> {
    const { openToolbox } = await import('./open-toolbox.js');
    const toolbox = await openToolbox(process.env);
    try {
      return await work(toolbox);
    } finally {
      await toolbox.services.close();
    }
  }
}
