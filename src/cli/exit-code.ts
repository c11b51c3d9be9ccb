/** It could not be done, or was asked for wrongly. */
export const FAILED = 1;

/** It was done, and there is something to look at. */
export const LOOK = 2;
