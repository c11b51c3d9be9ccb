/** Injection symbol of the teams that this gateway runs: `readonly Team[]`. */
export const TEAMS = Symbol('teams');
