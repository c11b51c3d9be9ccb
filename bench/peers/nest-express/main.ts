// What a team would write first: Nest on Express, ValidationPipe, and repository.save() at each request.
import { Module, ValidationPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import 'reflect-metadata';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from './data-source-options.js';
import { Notification, Token } from './entities.js';
import { NotificationsController } from './notifications.controller.js';
import { NotificationsService } from './notifications.service.js';
import { seedTokens } from './seed-tokens.js';

@Module({
  imports: [TypeOrmModule.forRoot(dataSourceOptions), TypeOrmModule.forFeature([Token, Notification])],
  controllers: [NotificationsController],
  providers: [NotificationsService],
})
class AppModule {}

const app = await NestFactory.create(AppModule);
app.useGlobalPipes(new ValidationPipe({ transform: true, whitelist: true }));
app.enableShutdownHooks();
await seedTokens(app.get(DataSource));
await app.listen(Number(process.env.PORT), '127.0.0.1');
