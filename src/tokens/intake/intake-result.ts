import type { Recorded } from '../repository/notifications.repository.js';

/** What became of a call that is on disk. */
export type IntakeResult = Recorded | { readonly kind: 'failed'; readonly cause: string };
