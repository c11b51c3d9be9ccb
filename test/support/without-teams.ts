/** Arguments of node: what `src/merchants.ts` lists is not started, since its settings are not ours to know. */
export const WITHOUT_TEAMS: readonly string[] = ['--import', './scripts/without-teams.mjs'];
