// The guard's rule against requests that another site makes a browser send, for the requests that bring no cookie yet:
// without it another site could sign somebody in under a name of its own.
//
// 1. GET and HEAD pass: they change nothing.
// 2. With Sec-Fetch-Site, only `same-origin` and `none` pass.
// 3. Without it, only an Origin passes that is the request's own.
// 4. With neither: no.

export function isOwn(request: Request): boolean {
  if (request.method === "GET" || request.method === "HEAD") return true;
  const site = request.headers.get("sec-fetch-site");
  if (site !== null) return site === "same-origin" || site === "none";
  return request.headers.get("origin") === new URL(request.url).origin;
}
