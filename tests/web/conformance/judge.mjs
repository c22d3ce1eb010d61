// Asks the cases of a suite, in whatever runtime this file is loaded, as the package would: the core verifies, or says
// that the host's cryptography must.

const words = ["invalid", "valid", "key refused"];
const HOST = 3;

/** @returns {Promise<{ verdicts: string[], hosted: number }>} `hosted`: how many the host decided. */
export async function judge({ core, Verifier }, { keys, cases }) {
  const verifier = new Verifier();
  const verdicts = [];
  let hosted = 0;
  for (const { key, message, signature } of cases) {
    const { algorithm, jwk, secret } = keys[key];
    const question = { input: bytes(message), signature: bytes(signature) };
    const said = core.judge(algorithm, jwk, bytes(secret ?? ""), question.input, question.signature);
    if (said !== HOST) {
      verdicts.push(words[said]);
      continue;
    }
    hosted += 1;
    verdicts.push(await asked(verifier, { ...question, key: key + 1, jwk: () => core.host_key(jwk), algorithm }));
  }
  return { verdicts, hosted };
}

async function asked(verifier, question) {
  try {
    return (await verifier.verify(question)) ? "valid" : "invalid";
  } catch (error) {
    return `threw ${error}`;
  }
}

function bytes(base64url) {
  return Uint8Array.from(atob(base64url.replace(/-/g, "+").replace(/_/g, "/")), (character) => character.charCodeAt(0));
}
