// The stories, in Chromium and in Firefox. `node setup.mjs` comes before them; `node --test stories.mjs` plays them all, and
// with BROWSER=firefox those in Firefox alone.
import { env } from "node:process";
import { after, before, describe, test } from "node:test";
import * as admin from "./stories/admin.mjs";
import * as articles from "./stories/articles.mjs";
import * as doors from "./stories/doors.mjs";
import * as looks from "./stories/looks.mjs";
import * as secondFactor from "./stories/second-factor.mjs";
import * as sessions from "./stories/sessions.mjs";
import { browsers, openStage } from "./stories/stage.mjs";

const stories = Object.entries({ ...doors, ...secondFactor, ...articles, ...sessions, ...admin, ...looks });

for (const [name, launch] of Object.entries(browsers)) {
  if (env.BROWSER !== undefined && env.BROWSER !== name) continue;
  describe(name, () => {
    let stage;
    before(async () => {
      stage = await openStage(launch);
    });
    after(() => stage?.close());
    for (const [story, play] of stories) test(story, () => play(stage));
  });
}
