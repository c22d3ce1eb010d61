// Requests as the cases hand them over: method, absolute url, headers as pairs.

export const origin = "https://blog.example";

export const request = (method, path, headers = []) => ({ method, url: `${origin}${path}`, headers });

export const bearer = (token) => ["authorization", `Bearer ${token.text}`];

/** `GET path` with a token, and the note that shows what is in it. */
export const withToken = (token, path = "/me", method = "GET", headers = []) => ({
  token: token.note,
  request: request(method, path, [bearer(token), ...headers]),
});
