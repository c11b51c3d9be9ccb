import { Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { FallbackErrorFilter } from './filters/fallback-error.filter.js';

@Module({ providers: [{ provide: APP_FILTER, useClass: FallbackErrorFilter }] })
export class HttpModule {}
