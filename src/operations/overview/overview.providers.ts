import type { Provider } from '@nestjs/common';
import { BacklogsRepository } from '../destinations/backlogs.repository.js';
import { DestinationControl } from '../destinations/destination-control.js';
import { DestinationStatesController } from '../destinations/destination-states.controller.js';
import { DestinationStatesService } from '../destinations/destination-states.service.js';
import { PausesRepository } from '../destinations/pauses.repository.js';
import { RememberedBacklogs } from '../destinations/remembered-backlogs.js';
import { OverviewController } from './overview.controller.js';
import { OverviewService } from './overview.service.js';
import { RecentRepository } from './recent.repository.js';
import { RecentSlices } from './recent-slices.js';
import { UnmatchedCountRepository } from './unmatched-count.repository.js';
import { VisibleDestinationsRepository } from './visible-destinations.repository.js';

export const overviewControllers = [OverviewController, DestinationStatesController];

export const overviewProviders: Provider[] = [
  BacklogsRepository,
  DestinationControl,
  DestinationStatesService,
  OverviewService,
  PausesRepository,
  RecentRepository,
  RecentSlices,
  RememberedBacklogs,
  UnmatchedCountRepository,
  VisibleDestinationsRepository,
];
