/** How many rounds count: `ROUNDS=31` measures longer. bundle.mjs writes the number into what other runtimes run. */
export const ROUNDS = Number(process.env.ROUNDS ?? 11);
