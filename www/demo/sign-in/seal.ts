// Secrets that must be read again (an authenticator's) are sealed in the database: AES-256-GCM, bound to their owner, with
// a key that the database does not hold.

const nonceBytes = 12;

export async function seal(secret: string, owner: string, key: CryptoKey): Promise<string> {
  const iv = crypto.getRandomValues(new Uint8Array(nonceBytes));
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: bytes(owner) }, key, bytes(secret));
  return base64([...iv, ...new Uint8Array(sealed)]);
}

/** Throws where the text was changed, or belongs to somebody else. */
export async function unseal(text: string, owner: string, key: CryptoKey): Promise<string> {
  const all = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  const [iv, sealed] = [all.slice(0, nonceBytes), all.slice(nonceBytes)];
  const secret = await crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData: bytes(owner) }, key, sealed);
  return new TextDecoder().decode(secret);
}

/** From 32 bytes in base64. */
export function sealingKey(text: string): Promise<CryptoKey> {
  const raw = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  return crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
}

function bytes(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

function base64(list: readonly number[]): string {
  return btoa(String.fromCharCode(...list));
}
