// Users and their roles, and the audit log. The server wants two factors, some minutes ago.
import { make } from "../dom.js";
import { call } from "./api.js";
import { said } from "./form.js";
import { log } from "./lists.js";
import type { Happening } from "./lists.js";
import type { Frame, View } from "./views.js";

interface UserRow {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly secondFactor: boolean;
}

const roles = ["writer", "moderator", "admin"];

export function users(frame: Frame): View {
  return {
    title: "Users",
    signedIn: true,
    content: async () => {
      const rows = await call<readonly UserRow[]>("GET", "admin/users");
      const body = rows.map((row) => make("tr", {}, make("th", { scope: "row" }, row.name), make("td", {}, row.secondFactor ? "on" : "none"), make("td", {}, choice(frame, row)), make("td", {}, release(frame, row))));
      const head = make("tr", {}, ...["Name", "Second factor", "Roles", "Failed attempts"].map((text) => make("th", { scope: "col" }, text)));
      const table = make("table", {}, make("thead", {}, head), make("tbody", {}, ...body));
      return [make("p", {}, "A change counts at once: tokens from before are refused."), make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Users" }, table)];
    },
  };
}

export function audit(): View {
  return {
    title: "Audit log",
    signedIn: true,
    content: async () => [log(await call<readonly Happening[]>("GET", "admin/audit"), true)],
  };
}

/** After too many failed attempts an account wants more than its password: an admin forgets them. */
function release(frame: Frame, { id, name }: UserRow): HTMLElement {
  const button = make("button", { type: "button", "aria-label": `Forget failed attempts on ${name}` }, "Forget");
  button.addEventListener("click", () => {
    button.disabled = true;
    call("POST", `admin/users/${id}/release`, {})
      .then(
        () => `${name} may try again.`,
        (error: unknown) => said(error),
      )
      .then((text) => {
        button.disabled = false;
        frame.tell(text);
      });
  });
  return button;
}

function choice(frame: Frame, { id, name, roles: held }: UserRow): HTMLElement {
  const boxes = roles.map((role) => {
    const box = make("input", { type: "checkbox", value: role });
    box.checked = held.includes(role);
    return box;
  });
  const set = make("div", { class: "roles", role: "group", "aria-label": `Roles of ${name}` }, ...boxes.map((box) => make("label", {}, box, box.value)));
  set.addEventListener("change", () => {
    const chosen = boxes.filter((box) => box.checked).map((box) => box.value);
    for (const box of boxes) box.disabled = true;
    call("PUT", `admin/users/${id}/roles`, { roles: chosen })
      .then(
        () => `${name} is now ${chosen.join(", ")}.`,
        (error: unknown) => said(error),
      )
      .then(async (text) => {
        await frame.again();
        frame.tell(text);
      });
  });
  return set;
}
