// Asks once more who it is, where the server wants a stronger or fresher sign-in than the session has.
import { byId, make } from "../dom.js";
import { once } from "./api.js";
import type { Refused } from "./api.js";
import { form } from "./form.js";
import type { Field } from "./form.js";
import { current } from "./state.js";

/** Whether they have proved it; `false` where they would rather not, or cannot. */
export function stepUp({ wantsSecondFactor }: Refused, entered: () => Promise<void>): Promise<boolean> {
  const dialog = byId("step-up", HTMLDialogElement);
  const { secondFactor = false } = current();
  return new Promise((resolve) => {
    let proved = false;
    const cancel = make("button", { type: "button" }, "Cancel");
    cancel.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => resolve(proved), { once: true });
    const title = make("h2", { id: "step-up-title" }, "Is it you?");
    if (wantsSecondFactor && !secondFactor) {
      const there = make("a", { href: "/account/security" }, "Set one up");
      there.addEventListener("click", () => dialog.close());
      dialog.replaceChildren(title, make("p", {}, "This needs a second factor, and you have none yet."), make("div", { class: "actions" }, there, cancel));
      dialog.showModal();
      return;
    }
    const fields: Field[] = [{ name: "password", label: "Password", type: "password", autocomplete: "current-password", maxLength: 256 }];
    if (secondFactor) fields.push({ name: "code", label: "Code", type: "code", autocomplete: "one-time-code", help: "The six digits that your authenticator shows now.", maxLength: 12 });
    const proof = form(
      fields,
      "Continue",
      async (values) => {
        await once("POST", "step-up", values);
        await entered();
        proved = true;
        dialog.close();
      },
      cancel,
    );
    dialog.replaceChildren(title, make("p", {}, "This is asked for again because it changes who can get in, or what others may do."), proof);
    dialog.showModal();
    proof.querySelector("input")?.focus();
  });
}
