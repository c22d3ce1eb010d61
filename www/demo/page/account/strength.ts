// How hard a password is to guess. The word lists are large, so they are fetched when somebody begins to type.
import { make } from "../dom.js";

type Judge = (password: string) => Promise<{ readonly score: number; readonly warning: string }>;

const words = ["Very easy to guess.", "Easy to guess.", "Could be guessed.", "Hard to guess.", "Very hard to guess."];
let judge: Promise<Judge> | undefined;

async function load(): Promise<Judge> {
  const [{ ZxcvbnFactory }, common] = await Promise.all([import("@zxcvbn-ts/core"), import("@zxcvbn-ts/language-common")]);
  const zxcvbn = new ZxcvbnFactory({ dictionary: common.dictionary, graphs: common.adjacencyGraphs });
  return async (password) => {
    const { score, feedback } = await zxcvbn.checkAsync(password);
    return { score, warning: feedback.warning ?? "" };
  };
}

/** A meter for the field; it advises, and refuses nothing. */
export function strength(input: HTMLInputElement): HTMLElement {
  const bars = make("div", { class: "strength", "aria-hidden": "true" }, ...Array.from({ length: 4 }, () => make("i")));
  const verdict = make("p", { class: "help", role: "status" });
  let turn = 0;
  input.addEventListener("input", () => {
    const mine = (turn += 1);
    judge ??= load();
    void judge
      .then((ask) => ask(input.value.slice(0, 128)))
      .then(({ score }) => {
        if (mine !== turn) return;
        bars.dataset["score"] = input.value === "" ? "0" : String(score);
        verdict.textContent = input.value === "" ? "" : (words[score] ?? "");
      });
  });
  return make("div", {}, bars, verdict);
}
