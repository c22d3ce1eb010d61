// The demo with a clock that the story moves, and accounts that no other story has.
import { openDemo } from "../host.mjs";
import { addAccount, staff } from "../seed.mjs";

/** `folder`: where its data is; in memory where absent. */
export async function openHouse({ folder = null, accounts = staff } = {}) {
  let moved = 0;
  const demo = await openDemo({ port: 0, accounts, folder, clock: () => moved });
  const db = await demo.worker.getD1Database("DB");
  const now = () => Math.floor(Date.now() / 1000) + moved;
  return {
    origin: demo.origin,
    db,
    accounts: demo.accounts,
    /** Seconds since 1970, as the Worker counts them. */
    now,
    moveClock(seconds) {
      moved += seconds;
    },
    account: (name, roles = ["writer"]) => addAccount(db, { name, roles, about: "TEST ONLY" }, now()),
    /** What the cron trigger does. */
    tick: async () => (await demo.worker.getWorker()).scheduled(),
    close: demo.close,
  };
}
