// Whether many have a password, or it is made of what they have: zxcvbn, with its lists of leaked passwords and names. The
// lists are large, so they are read when somebody first chooses one.

/** Of zxcvbn's 0 to 4: below, it withstands fewer than 10^8 guesses. */
const least = 3;
/** Beyond, more characters make it no worse, and it no slower. */
const looked = 128;

type Judge = (password: string, name: string) => number;
let judge: Promise<Judge> | undefined;

export async function isGuessable(password: string, name: string): Promise<boolean> {
  judge ??= load();
  return (await judge)(password.slice(0, looked), name) < least;
}

async function load(): Promise<Judge> {
  const [{ ZxcvbnFactory }, common] = await Promise.all([import("@zxcvbn-ts/core"), import("@zxcvbn-ts/language-common")]);
  const zxcvbn = new ZxcvbnFactory({ dictionary: common.dictionary, graphs: common.adjacencyGraphs });
  return (password, name) => zxcvbn.check(password, [name]).score;
}
