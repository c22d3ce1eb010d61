// The audit log: the Worker hands each event over by POST, and asks for the one of a request by GET.
import { Response } from "miniflare";

const kept = 1000;
const patienceMs = 2000;

/** A `service` for the Worker to hand its events to, and `of`, which waits a moment for the event of a request. */
export function eventLog() {
  const events = new Map();
  const waiting = new Map();
  const take = (event) => {
    if (event.requestId === null) return;
    events.set(event.requestId, event);
    if (events.size > kept) events.delete(events.keys().next().value);
    waiting.get(event.requestId)?.(event);
  };
  const of = (requestId) => {
    if (events.has(requestId)) return Promise.resolve(events.get(requestId));
    return new Promise((resolve) => {
      const done = (event) => {
        clearTimeout(timer);
        waiting.delete(requestId);
        resolve(event);
      };
      const timer = setTimeout(done, patienceMs);
      waiting.set(requestId, done);
    });
  };
  const service = async (request) => {
    if (request.method === "POST") {
      take(await request.json());
      return new Response(null, { status: 204 });
    }
    const event = await of(new URL(request.url).pathname.slice(1));
    return event === undefined ? new Response(null, { status: 404 }) : Response.json(event);
  };
  return { of, service };
}
