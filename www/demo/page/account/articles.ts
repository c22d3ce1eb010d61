// The front page: what was written, and by whom. Buttons are there where the page's guard says that they will work.
import { make } from "../dom.js";
import { call } from "./api.js";
import { form, said } from "./form.js";
import { current, may } from "./state.js";
import { when } from "./time.js";
import type { Frame, View } from "./views.js";

interface Article {
  readonly id: string;
  readonly author_id: string;
  readonly author: string;
  readonly title: string;
  readonly text: string;
  readonly createdAt: number;
}

export function articles(frame: Frame): View {
  return {
    title: "Articles",
    content: async () => {
      const list = await call<readonly Article[]>("GET", "articles");
      const cards = list.map((article) => card(frame, article));
      return [writing(frame), make("ul", { class: "cards" }, ...cards)];
    },
  };
}

function writing(frame: Frame): HTMLElement {
  const { signedIn, guest } = current();
  if (!may("article:create")) {
    const start = make("button", { type: "button", class: "main" }, "Write as a guest");
    start.addEventListener("click", () => {
      start.disabled = true;
      void call("POST", "guest", {}).then(frame.entered).then(frame.again);
    });
    return make("p", {}, start, " or ", make("a", { href: "/account/sign-up" }, "sign up"), ".");
  }
  const details = make("details", {}, make("summary", {}, "Write an article"));
  if (guest) details.append(make("p", { class: "help" }, "You write as a guest. Sign up, and it stays yours."));
  details.append(
    form([{ name: "title", label: "Title", maxLength: 120 }, { name: "text", label: "Text", type: "area", maxLength: 4000 }], "Publish", async (values) => {
      await call("POST", "articles", values);
      await frame.again();
      frame.tell("Published.");
    }),
  );
  details.open = guest && !signedIn;
  return details;
}

function card(frame: Frame, article: Article): HTMLElement {
  const { id, author, author_id, title, text, createdAt } = article;
  const mine = author_id === current().id;
  const actions = make("div", { class: "actions" });
  const item = make(
    "li",
    { class: "card" },
    make("h2", {}, title),
    make("p", { class: "by" }, `${mine ? "you" : author}, `, when(createdAt)),
    make("p", { class: "text" }, text),
    actions,
  );
  if (may("article:update", { author_id })) {
    const edit = make("button", { type: "button", "aria-label": `Edit ${title}` }, "Edit");
    edit.addEventListener("click", () => {
      const editing = form(
        [{ name: "title", label: "Title", value: title, maxLength: 120 }, { name: "text", label: "Text", type: "area", value: text, maxLength: 4000 }],
        "Save",
        async (values) => {
          await call("PUT", `articles/${id}`, values);
          await frame.again();
          frame.tell("Saved.");
        },
      );
      item.replaceChildren(editing);
      editing.querySelector("input")?.focus();
    });
    actions.append(edit);
  }
  if (may("article:delete", { author_id })) {
    const remove = make("button", { type: "button", "aria-label": `Delete ${title}` }, "Delete");
    remove.addEventListener("click", () => void removeArticle(frame, id, remove));
    actions.append(remove);
  }
  return item;
}

async function removeArticle(frame: Frame, id: string, button: HTMLButtonElement): Promise<void> {
  button.disabled = true;
  try {
    await call("DELETE", `articles/${id}`);
    await frame.again();
    frame.tell("Deleted.");
  } catch (error) {
    await frame.again();
    frame.tell(said(error));
  }
}
