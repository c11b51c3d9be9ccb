import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { watch, type FSWatcher } from 'node:fs';
import { dirname } from 'node:path';
import { Server } from 'node:tls';
import { GatewayConfig } from '../../config/gateway-config.js';
import { serverOf } from './server-of.js';
import { readTlsMaterial, tlsFilesOf, type TlsMaterial } from './tls-material.js';

/** Files that belong together are seldom written in the same moment. */
const SETTLE_MS = 200;
/** For file systems that tell nothing. */
const LOOK_AGAIN_MS = 30_000;

/**
 * What the TLS files hold now. They are watched; new ones hold for new connections, and those that are open stay open. Files
 * that cannot be used change nothing, and are logged.
 */
@Injectable()
export class TlsStore implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(TlsStore.name);
  private readonly files: readonly string[];
  private material: TlsMaterial;
  private complaint: string | undefined;
  private watchers: FSWatcher[] = [];
  private interval: NodeJS.Timeout | undefined;
  private settling: NodeJS.Timeout | undefined;
  /** Counts what has been loaded: a certificate that was good under one may not be under the next. */
  generation = 0;

  constructor(
    private readonly config: GatewayConfig,
    @Inject(HttpAdapterHost) private readonly adapterHost: HttpAdapterHost,
  ) {
    this.files = tlsFilesOf(config.server);
    this.material = readTlsMaterial(config.server);
  }

  get current(): TlsMaterial {
    return this.material;
  }

  onApplicationBootstrap(): void {
    if (this.files.length === 0) return;
    // The folders: a file that is replaced by renaming, or behind a link that is (Kubernetes), is another one afterwards.
    this.watchers = [...new Set(this.files.map((file) => dirname(file)))].flatMap((folder) => this.watching(folder));
    this.interval = setInterval(() => this.reload(), LOOK_AGAIN_MS).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.interval);
    clearTimeout(this.settling);
    for (const watcher of this.watchers) watcher.close();
  }

  /** Takes what the files hold, if it can be used and is not what they held. */
  reload(): void {
    try {
      const next = readTlsMaterial(this.config.server);
      this.complaint = undefined;
      if (next.fingerprint === this.material.fingerprint) return;
      const server = serverOf(this.adapterHost);
      if (next.context && server instanceof Server) server.setSecureContext(next.context);
      this.material = next;
      this.generation += 1;
      this.logger.log({ msg: 'TLS files were loaded anew' });
    } catch (error) {
      const { message } = error as Error;
      // Once, not with every look.
      if (this.complaint !== message) this.logger.error({ msg: 'TLS files were not loaded', cause: { message } });
      this.complaint = message;
    }
  }

  private watching(folder: string): FSWatcher[] {
    try {
      const watcher = watch(folder, { persistent: false }, () => this.settle());
      watcher.on('error', () => undefined);
      return [watcher];
    } catch {
      return [];
    }
  }

  private settle(): void {
    clearTimeout(this.settling);
    this.settling = setTimeout(() => this.reload(), SETTLE_MS).unref();
  }
}
