// A client that proves the possession of its key (RFC 9449), with WebCrypto alone.

const encoder = new TextEncoder();

/** A client with a fresh ES256 key. */
export async function newClient() {
  const { publicKey, privateKey } = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign", "verify"]);
  const { crv, kty, x, y } = await crypto.subtle.exportKey("jwk", publicKey);
  const jwk = { crv, kty, x, y };
  return {
    jwk,
    /** The key's thumbprint (RFC 7638), for the claim `cnf`. */
    jkt: await hash(JSON.stringify(jwk)),
    /** A proof for that request with that access token. `claims` are added, `header` too. */
    async proof(method, url, token, { iat, ...claims }, header = {}) {
      const usual = { jti: crypto.randomUUID(), htm: method, htu: url, iat, ath: await hash(token) };
      const input = [{ typ: "dpop+jwt", alg: "ES256", jwk, ...header }, { ...usual, ...claims }].map((part) => base64url(encoder.encode(JSON.stringify(part)))).join(".");
      const signature = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, privateKey, encoder.encode(input));
      return `${input}.${base64url(new Uint8Array(signature))}`;
    },
  };
}

async function hash(text) {
  return base64url(new Uint8Array(await crypto.subtle.digest("SHA-256", encoder.encode(text))));
}

function base64url(bytes) {
  return btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}
