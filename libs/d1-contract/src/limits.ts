/** Largest notification body that is taken, in bytes. */
export const MAX_PAYLOAD_BYTES = 64 * 1024;

/** Largest token request form that is taken, in bytes. */
export const MAX_FORM_BYTES = 16 * 1024;
