// A guest who becomes a user; the owner and the stranger.
import assert from "node:assert/strict";

export async function a_guest_becomes_a_user_and_keeps_what_they_wrote(stage) {
  const visitor = await stage.visitor();
  await visitor.press("Write as a guest");
  await write(visitor, "A guest was here", "And may have been somebody.");
  const card = cardOf(visitor, "A guest was here");
  await card.getByText("you,").waitFor();
  assert.equal(await card.getByRole("button").count(), 0, "a guest changes nothing");
  await visitor.signUp("gustav", "a guest no longer, but a name");
  await visitor.hears("What you wrote as a guest is yours: 1 article.");
  await card.getByRole("button", { name: "Edit A guest was here" }).click();
  const editing = visitor.page.getByRole("listitem").filter({ has: visitor.page.getByRole("button", { name: "Save" }) });
  await editing.getByLabel("Text", { exact: true }).fill("Now somebody is.");
  await visitor.press("Save");
  await visitor.hears("Saved.");
  await card.getByText("Now somebody is.").waitFor();
  await visitor.leave();
}

export async function the_owner_edits_and_the_stranger_may_not(stage) {
  const owner = await stage.visitor();
  await owner.signIn(await stage.account("otto"));
  await owner.page.getByText("Write an article").click();
  await write(owner, "Mine alone", "Nobody else edits this.");
  const { body: list } = await owner.ask("GET", "/api/articles");
  const { id } = list.find(({ title }) => title === "Mine alone");

  const stranger = await stage.visitor();
  await stranger.signIn(await stage.account("sven"));
  const card = cardOf(stranger, "Mine alone");
  await card.getByText("Nobody else edits this.").waitFor();
  assert.equal(await card.getByRole("button").count(), 0);
  const refused = await stranger.ask("PUT", `/api/articles/${id}`, { title: "Taken", text: "Taken." });
  assert.deepEqual([refused.status, refused.body.code], [403, "not_allowed"]);
  assert.deepEqual((await owner.ask("PUT", `/api/articles/${id}`, { title: "Mine alone", text: "Still mine." })).status, 200);
  await Promise.all([owner.leave(), stranger.leave()]);
}

async function write(visitor, title, text) {
  await visitor.fill("Title", title);
  await visitor.fill("Text", text);
  await visitor.press("Publish");
  await visitor.hears("Published.");
}

function cardOf(visitor, title) {
  return visitor.page.getByRole("listitem").filter({ has: visitor.page.getByRole("heading", { name: title, exact: true }) });
}
