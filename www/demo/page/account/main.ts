// The page: a header that knows who is signed in, and one view at a time, named by the path.
import { byId, make } from "../dom.js";
import { activity, keys, sessions } from "./lists.js";
import { audit, users } from "./admin.js";
import { once, Refused, setHooks } from "./api.js";
import { articles } from "./articles.js";
import { signIn, signUp } from "./doors.js";
import { said } from "./form.js";
import { security } from "./security.js";
import { current, look } from "./state.js";
import { stepUp } from "./step-up.js";
import type { Frame, View } from "./views.js";

const root = "/account/";
const view = byId("view", HTMLDivElement);
const notice = byId("notice", HTMLParagraphElement);

const frame: Frame = { go, again: () => draw(false), tell, entered };

const views: Readonly<Record<string, View>> = {
  "": articles(frame),
  "sign-in": signIn(frame),
  "sign-up": signUp(frame),
  security: security(frame),
  sessions: sessions(frame),
  keys: keys(frame),
  activity: activity(),
  users: users(frame),
  audit: audit(),
};

/** Counts the views that were begun, so that one that comes late does not take the place of another. */
let turn = 0;

function go(path: string): void {
  history.pushState(null, "", path);
  tell("");
  void draw(true);
}

/** Draws the view of the path. Where the visitor went there, the focus goes along. */
async function draw(arrived: boolean): Promise<void> {
  const mine = (turn += 1);
  const name = location.pathname.replace(/^\/account\/?/, "").replace(/\/$/, "");
  const shown = views[name];
  if (shown === undefined) {
    view.replaceChildren(make("h1", {}, "Nothing here"));
    return;
  }
  if (shown.signedIn === true && !current().signedIn) {
    go(`${root}sign-in`);
    tell("Sign in first.");
    return;
  }
  document.title = `${shown.title} – Wicket Press`;
  drawHeader();
  let content: readonly (Node | string)[];
  try {
    content = await shown.content();
  } catch (error) {
    if (mine !== turn) return;
    content = [make("p", { class: "wrong", role: "alert" }, refusal(error))];
  }
  if (mine !== turn) return;
  view.replaceChildren(make("h1", {}, shown.title), ...content);
  if (arrived) view.focus();
}

function refusal(error: unknown): string {
  if (error instanceof Refused && error.code === "insufficient_user_authentication") return "This needs a stronger sign-in.";
  return said(error);
}

function drawHeader(): void {
  const { signedIn, guest, name, roles } = current();
  byId("who", HTMLParagraphElement).textContent = signedIn ? `${name ?? ""} (${roles.join(", ")})` : guest ? "guest" : "";
  const own: readonly (readonly [string, string])[] = [["security", "Security"], ["sessions", "Sessions"], ["keys", "API keys"], ["activity", "Activity"]];
  const admins: readonly (readonly [string, string])[] = roles.includes("admin") ? [["users", "Users"], ["audit", "Audit"]] : [];
  const doors: readonly (readonly [string, string])[] = [["sign-in", "Sign in"], ["sign-up", "Sign up"]];
  const links = [["", "Articles"] as const, ...(signedIn ? [...own, ...admins] : doors)].map(([path, text]) => {
    const href = `${root}${path}`;
    return make("a", { href, ...(location.pathname === href && { "aria-current": "page" }) }, text);
  });
  byId("nav", HTMLElement).replaceChildren(...links, ...(signedIn ? [signOutButton()] : []));
}

function signOutButton(): HTMLButtonElement {
  const button = make("button", { type: "button" }, "Sign out");
  button.addEventListener("click", () => {
    void once("POST", "sign-out", {})
      .then(entered)
      .then(() => {
        go(root);
        tell("You are signed out.");
      });
  });
  return button;
}

function tell(text: string): void {
  notice.textContent = text;
}

async function entered(): Promise<void> {
  await look();
  drawHeader();
}

setHooks({
  stepUp: (refused) => stepUp(refused, entered),
  renewed: entered,
  ended: () => {
    void entered().then(() => {
      go(`${root}sign-in`);
      tell("Your session has ended. Sign in again.");
    });
  },
});

document.addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  if (link === null || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  if (link.origin !== location.origin || !link.pathname.startsWith(root)) return;
  event.preventDefault();
  go(link.pathname);
});
window.addEventListener("popstate", () => void draw(true));
window.addEventListener("unhandledrejection", ({ reason }) => tell(said(reason)));

await look().catch((error: unknown) => tell(said(error)));
await draw(false);
