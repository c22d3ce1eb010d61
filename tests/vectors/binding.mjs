// What binds a token to its sender, examined without the core: the order of checks of RFC 9449 §4.3 and
// RFC 8705 §3 as the guard promises it, on node:crypto. check.mjs holds the expectations against it.

import { constants, createHash, createHmac, createPublicKey, verify } from "node:crypto";

/** The reasons that `examineBinding` can find. */
export const bindingReasons = new Set(
  `binding_unsupported token_bound binding_missing certificate_missing certificate_malformed certificate_mismatch
  proof_missing proof_malformed proof_typ proof_algorithm proof_key proof_key_mismatch proof_signature proof_claim proof_method
  proof_url_unknown proof_url proof_time proof_nonce proof_token proof_replayed`.split(/\s+/),
);

/** The reasons that come after them: whoever is refused for one of these has proven what he holds. */
export const laterReasons = new Set(
  `revoked revocation_unavailable replay_unavailable route_undeclared scope_missing role_missing permission_unknown permission_missing
  not_owner resource_required denied_by_rule elevation_required justification_required resource_not_found resource_unavailable`.split(/\s+/),
);

const sha256 = (bytes) => createHash("sha256").update(bytes).digest();
const asymmetric = "RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA".split(" ");
const curves = { "P-256": ["ES256", 43], "P-384": ["ES384", 64], "P-521": ["ES512", 88] };
const privateMembers = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];
const smallOrder = `AQ${"A".repeat(41)}`;

const field = (request, name) => {
  const values = request.headers.filter(([own]) => own.toLowerCase() === name).map(([, value]) => value.trim());
  return values.length === 0 ? undefined : values.join(", ");
};

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** An object whose text is what JSON.stringify writes: no member twice, nothing behind it. */
const objectOf = (part) => {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Buffer.from(part, "base64url"));
    const value = JSON.parse(text);
    return isObject(value) && JSON.stringify(value) === text ? value : undefined;
  } catch {
    return undefined;
  }
};

const canonical = (part, encoding) => part !== "" && Buffer.from(part, encoding).toString(encoding) === part;

/** The public key of a JWK that obeys the rules on keys and allows the algorithm. */
const keyOf = (jwk, algorithm) => {
  if (!isObject(jwk) || privateMembers.some((member) => member in jwk)) return undefined;
  if ((jwk.use ?? "sig") !== "sig" || !(jwk.key_ops ?? ["verify"]).includes("verify") || (jwk.alg ?? algorithm) !== algorithm) return undefined;
  const fits = {
    EC: () => curves[jwk.crv]?.[0] === algorithm && [jwk.x, jwk.y].every((coordinate) => coordinate.length === curves[jwk.crv][1]),
    OKP: () => jwk.crv === "Ed25519" && algorithm === "EdDSA" && jwk.x !== smallOrder,
    RSA: () => /^[RP]S/.test(algorithm),
  };
  if (!Object.hasOwn(fits, jwk.kty) || !fits[jwk.kty]()) return undefined;
  try {
    const key = createPublicKey({ key: jwk, format: "jwk" });
    return (key.asymmetricKeyDetails.modulusLength ?? 2048) < 2048 ? undefined : key;
  } catch {
    return undefined;
  }
};

const thumbprint = ({ kty, crv, x, y, e, n }) => {
  const members = { EC: { crv, kty, x, y }, OKP: { crv, kty, x }, RSA: { e, kty, n } }[kty];
  return sha256(JSON.stringify(members)).toString("base64url");
};

const signed = (key, algorithm, input, signature) => {
  const hash = `sha${algorithm.slice(2)}`;
  if (algorithm === "EdDSA") return verify(null, input, key, signature);
  if (algorithm.startsWith("ES")) return verify(hash, input, { key, dsaEncoding: "ieee-p1363" }, signature);
  if (algorithm.startsWith("RS")) return verify(hash, input, key, signature);
  return verify(hash, input, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }, signature);
};

/** RFC 3986 §6.2.2.1, §6.2.2.2, §6.2.3, without query and fragment. */
const normalised = (url) => {
  const [, scheme, authority, path] = /^(https?):\/\/([^/?#]*)([^?#]*)/i.exec(url) ?? [];
  const [, host, port] = /^([a-z0-9.-]+)(?::([0-9]+))?$/i.exec(authority ?? "") ?? [];
  if (host === undefined || !/^([!$&-;=@-Z_a-z~]|%[0-9a-f]{2})*$/i.test(path)) return undefined;
  const own = scheme.toLowerCase();
  const escaped = path.replace(/%../g, (escape) => {
    const character = String.fromCharCode(Number.parseInt(escape.slice(1), 16));
    return /[A-Za-z0-9._~-]/.test(character) ? character : escape.toUpperCase();
  });
  const kept = port === undefined || port === { http: "80", https: "443" }[own] ? "" : `:${port}`;
  return `${own}://${host.toLowerCase()}${kept}${escaped === "" ? "/" : escaped}`;
};

const requestUrl = ({ url }, externalUrl) => {
  if (externalUrl === undefined) return url;
  return externalUrl.replace(/\/$/, "") + url.replace(/^https?:\/\/[^/?#]*/i, "");
};

const nonces = ({ secret, lifetime = 300 }, now) => {
  const key = typeof secret === "string" ? Buffer.from(secret) : Buffer.from(secret.base64url, "base64url");
  const number = Math.floor(now / lifetime);
  return [number, number - 1].map((one) => createHmac("sha256", key).update(`dpop nonce ${one}`).digest().subarray(0, 16).toString("base64url"));
};

const examineProof = ({ now, request }, dpop, token, jkt, seen) => {
  const proof = field(request, "dpop");
  if (proof === undefined) return "proof_missing";
  const parts = proof.split(".");
  const [header, payload] = [objectOf(parts[0]), objectOf(parts[1] ?? "")];
  const wellFormed = parts.length === 3 && proof.length <= 16384 && parts.every((part) => canonical(part, "base64url"));
  if (!wellFormed || header === undefined || payload === undefined || "crit" in header || "b64" in header) return "proof_malformed";
  if (!/^(application\/)?dpop\+jwt$/i.test(header.typ)) return "proof_typ";
  const algorithm = header.alg === "Ed25519" ? "EdDSA" : header.alg;
  if (!(dpop.algorithms ?? asymmetric).includes(algorithm)) return "proof_algorithm";
  const key = keyOf(header.jwk, algorithm);
  if (key === undefined) return "proof_key";
  if (thumbprint(header.jwk) !== jkt) return "proof_key_mismatch";
  if (!signed(key, algorithm, Buffer.from(`${parts[0]}.${parts[1]}`), Buffer.from(parts[2], "base64url"))) return "proof_signature";
  const { jti, htm, htu, iat, ath, nonce } = payload;
  const length = typeof jti === "string" ? Buffer.byteLength(jti) : 0;
  if (length < 1 || length > 256 || ![htm, htu, ath].every((claim) => typeof claim === "string") || typeof iat !== "number") return "proof_claim";
  if (htm !== request.method) return "proof_method";
  if (dpop.externalUrl === undefined && request.url.startsWith("/")) return "proof_url_unknown";
  const wanted = normalised(requestUrl(request, dpop.externalUrl));
  if (wanted === undefined || normalised(htu) !== wanted) return "proof_url";
  if (Math.abs(now - iat) > (dpop.window ?? 60)) return "proof_time";
  if (dpop.nonce !== undefined && !nonces(dpop.nonce, now).includes(nonce)) return "proof_nonce";
  if (ath !== sha256(token).toString("base64url")) return "proof_token";
  if (dpop.replay === false) return undefined;
  const name = sha256(`${jkt}.${jti}`).toString("base64url");
  if (seen.has(name)) return "proof_replayed";
  seen.add(name);
  return undefined;
};

const blocks = {
  rfc9440: (value) => /^:([A-Za-z0-9+/]+=*):$/.exec(value)?.[1],
  base64: (value) => value,
  pem: (value) => {
    try {
      const text = value.includes("%") ? decodeURIComponent(value) : value;
      return /^-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----\s*$/.exec(text)?.[1].replaceAll(/\s/g, "");
    } catch {
      return undefined;
    }
  },
};

/** The thumbprint of the certificate that the terminator hands on; undefined where it cannot be read. */
const certificateThumbprint = (value, format) => {
  if (format === "sha256") {
    const digits = /^([0-9a-f]{64}|[0-9a-f]{2}(:[0-9a-f]{2}){31})$/i.test(value) ? value.replaceAll(":", "") : "";
    return digits === "" ? undefined : Buffer.from(digits, "hex").toString("base64url");
  }
  const base64 = blocks[format](value) ?? "";
  return canonical(base64, "base64") ? sha256(Buffer.from(base64, "base64")).toString("base64url") : undefined;
};

/**
 * The first reason for which a verified token with these claims is refused because of its binding;
 * undefined where it is not. `seen` holds the names of the proofs that this case has taken.
 */
export const examineBinding = (step, trust, token, claims, entry, seen) => {
  const { jkt, "x5t#S256": x5t } = claims.cnf ?? {};
  if (claims.cnf !== undefined && jkt === undefined && x5t === undefined) return "binding_unsupported";
  const proven = trust.dpop !== undefined && /^dpop /i.test(field(step.request, "authorization") ?? "");
  if (jkt !== undefined && !proven) return "token_bound";
  if (jkt === undefined && proven) return "binding_missing";
  const holds = { dpop: jkt !== undefined, certificate: x5t !== undefined, any: jkt !== undefined || x5t !== undefined };
  if (entry.binding !== undefined && !holds[entry.binding]) return "binding_missing";
  if (x5t !== undefined) {
    const { header, format } = trust.credentials?.clientCertificate ?? {};
    const value = header === undefined ? undefined : field(step.request, header.toLowerCase());
    if (value === undefined) return "certificate_missing";
    const found = certificateThumbprint(value, format);
    if (found === undefined) return "certificate_malformed";
    if (found !== x5t) return "certificate_mismatch";
  }
  return proven ? examineProof(step, trust.dpop, token, jkt, seen) : undefined;
};
