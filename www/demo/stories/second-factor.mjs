// The authenticator: set up, asked for, used twice; recovery codes.
import assert from "node:assert/strict";
import decodeQR from "qr/decode.js";

export async function a_second_factor_is_set_up_and_asked_for_and_a_code_works_once(stage) {
  const account = await stage.account("tara");
  const visitor = await stage.visitor();
  const elsewhere = await stage.visitor();
  await elsewhere.signIn(account);
  await visitor.signIn(account);
  await visitor.setUpAuthenticator();
  assert.equal((await elsewhere.ask("GET", "/api/account")).status, 401, "a session that began without it has ended");
  await elsewhere.leave();
  await visitor.press("Sign out");
  await visitor.hears("You are signed out.");

  await visitor.knock(account);
  await visitor.heading("One more step");
  assert.equal((await visitor.ask("GET", "/api/account")).status, 401, "the first step alone lets nobody in");
  const code = visitor.nextCode();
  await visitor.fill("Code", code);
  await visitor.press("Continue");
  await visitor.hears("Welcome, tara.");

  // Whoever looked over the shoulder knows the password and the code, and comes within its half minute.
  const thief = await stage.visitor();
  thief.takeAuthenticatorOf(visitor);
  await thief.knock(account);
  await thief.heading("One more step");
  await thief.fill("Code", code);
  await thief.press("Continue");
  await thief.hears("Invalid credentials.");
  await thief.fill("Code", thief.nextCode());
  await thief.press("Continue");
  await thief.hears("Welcome, tara.");
  await Promise.all([visitor.leave(), thief.leave()]);
}

export async function the_picture_holds_what_the_authenticator_needs(stage) {
  const visitor = await stage.visitor();
  await visitor.signIn(await stage.account("quinn"));
  await visitor.go("Security");
  await visitor.press("Set up an authenticator");
  const picture = visitor.page.getByRole("img", { name: "QR code of the secret" });
  await picture.waitFor();
  const secret = (await visitor.page.locator("#secret").textContent()).replaceAll(" ", "");
  const uri = new URL(decodeQR(await pixels(visitor.page, await picture.innerHTML())));
  assert.equal(uri.protocol, "otpauth:");
  assert.equal(uri.searchParams.get("secret"), secret);
  assert.equal(uri.searchParams.get("issuer"), "Wicket Press");
  await visitor.leave();
}

export async function a_recovery_code_lets_in_once(stage) {
  const account = await stage.account("rosa");
  const visitor = await stage.visitor();
  await visitor.signIn(account);
  const codes = await visitor.setUpAuthenticator();
  assert.equal(new Set(codes).size, 10);
  const enter = async () => {
    await visitor.press("Sign out");
    await visitor.hears("You are signed out.");
    await visitor.knock(account);
    await visitor.press("Use a recovery code");
    await visitor.fill("Recovery code", codes[3]);
    await visitor.press("Continue");
  };
  await enter();
  await visitor.hears("Welcome, rosa.");
  await visitor.go("Security");
  await visitor.page.getByText("9 of 10 recovery codes are left").waitFor();
  await enter();
  await visitor.hears("Invalid credentials.");
  await visitor.leave();
}

/** What a camera sees of a drawing: it is put on a page of its own, because a picture is taken with a style that this page forbids. */
async function pixels(page, drawing) {
  const paper = await page.context().newPage();
  await paper.setViewportSize({ width: 440, height: 440 });
  await paper.setContent(`<body style="margin: 20px; background: white"><div style="width: 400px">${drawing}</div></body>`);
  const png = await paper.screenshot();
  const { width, height, data } = await paper.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [bitmap.width, bitmap.height];
    const context = canvas.getContext("2d");
    context.drawImage(bitmap, 0, 0);
    const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
    return { width: bitmap.width, height: bitmap.height, data: [...data] };
  }, png.toString("base64"));
  await paper.close();
  return { width, height, data: Uint8Array.from(data) };
}
