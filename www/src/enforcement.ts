import { uuid, type Audience } from "./audit.js";
import { renewKeys } from "./background.js";
import { call, EngineFailure, failed, isCurrent, write } from "./engine.js";
import { freeze } from "./freeze.js";
import type { SignatureVerifier } from "./host.js";
import { answer, FAILED, later, NO, YES, type Answer, type Means, type Need } from "./need.js";
import { allowed, Refusal, routeFrom } from "./outcome.js";
import { principalFrom } from "./principal.js";
import { header, isPlain, Question, requestId, type Circumstances, type Names } from "./question.js";
import type { KnownRoute, KnownToken, Registrar, Registration } from "./registration.js";
import { report } from "./report.js";
import { Fields } from "./request.js";
import { Signed } from "./signed.js";
import * as core from "./wasm/core.js";
import { synchronous } from "#host";
import type { Allowed, DecisionEvent, Outcome, Rejected, RequestLike } from "./types.js";

// The core's answers.
const REJECT = 0;
const ALLOW = 1;
const NEED = 2;
const UNKNOWN = 3;

// The parts of an outcome.
const REFUSAL = 0;
const PRINCIPAL = 1;
const ROUTE = 2;

// What a handle is asked for.
const OF_PRINCIPAL = 0;
const OF_ROUTE = 1;

// More than any walk has: metadata, keys, the signatures of a token and of its proof, a revocation, a proof, a resource.
// It ends by itself; this is for the core that would not.
const MOST_NEEDS = 8;

// Characters of a credential beyond which it goes the full way each time: what is kept is bounded.
const LONGEST_TOKEN = 4096;

const JUSTIFICATION = "x-justification";

/** What the core waits for. */
class Pending {
  readonly question: Question;
  readonly registration: Registration;
  readonly number: number;
  /** It waits for keys. */
  readonly keys: boolean;
  /** Which of the request's needs it is, counted from one. */
  readonly place: number;
  readonly answer: Answer | Promise<Answer>;

  constructor(question: Question, registration: Registration, { pending, need }: Need, place: number, answer: Answer | Promise<Answer>) {
    this.question = question;
    this.registration = registration;
    this.number = pending;
    this.keys = need === "keys";
    this.place = place;
    this.answer = answer;
  }
}

/** The core waits for a signature that the host is verifying: for nothing but that promise. */
class Verifying {
  readonly question: Question;
  readonly registration: Registration;
  readonly number: number;
  readonly place: number;
  readonly valid: PromiseLike<boolean>;

  constructor(question: Question, registration: Registration, number: number, place: number, valid: PromiseLike<boolean>) {
    this.question = question;
    this.registration = registration;
    this.number = number;
    this.place = place;
    this.valid = valid;
  }
}

type Step = Outcome | Pending | Verifying;

/**
 * The loop around the core: hand the request over, do what is needed, hand that over, until there is an
 * outcome. Between a call and the reading of what it left nothing else runs, so that requests which wait at
 * the same time do not meet.
 */
export class Enforcement {
  readonly #registrar: Registrar;
  readonly #means: Means;
  readonly #audience: Audience;
  /** For the next request, while no other one has them. */
  #idle: Fields | undefined;

  constructor(registrar: Registrar, means: Means, audience: Audience) {
    this.#registrar = registrar;
    this.#means = means;
    this.#audience = audience;
  }

  async check(request: RequestLike, circumstances: Circumstances, now: number): Promise<Outcome> {
    let step = this.#begin(request, circumstances, now);
    for (;;) {
      if (step instanceof Verifying) {
        let code: number = FAILED;
        try {
          code = (await step.valid) === true ? YES : NO;
        } catch {
          // As for every need: the core decides what that means.
        }
        step = this.#resume(step, code);
      } else if (step instanceof Pending) {
        const found: Answer = step.answer instanceof Promise ? await step.answer : step.answer;
        step = this.#resume(step, found.code, found.body);
      } else {
        return step;
      }
    }
  }

  /** For a guard whose needs are all answered at once. */
  checkSync(request: RequestLike, circumstances: Circumstances, now: number): Outcome {
    let step = this.#begin(request, circumstances, now);
    while (step instanceof Pending) {
      if (step.answer instanceof Promise) return this.#registrar.about.failure;
      step = this.#resume(step, step.answer.code, step.answer.body);
    }
    return step instanceof Verifying ? this.#registrar.about.failure : step;
  }

  #begin(request: RequestLike, circumstances: Circumstances, now: number): Step {
    try {
      const fields = this.#read(request);
      const known = fields === undefined ? undefined : this.#shortWay(fields, circumstances, now);
      const step = known ?? this.#fullWay(new Question(fields, circumstances, now, !this.#audience.empty));
      if (!(step instanceof Pending || step instanceof Verifying)) {
        fields?.clear();
        this.#idle = fields;
      }
      return step;
    } catch {
      return this.#registrar.about.failure;
    }
  }

  /** `undefined` where the request cannot be read. */
  #read(request: RequestLike): Fields | undefined {
    const { headers, credentials } = this.#registrar.about;
    const fields = this.#idle ?? new Fields(headers, credentials);
    // Reading runs the caller's code, and that may check another request.
    this.#idle = undefined;
    try {
      fields.take(request);
      return fields;
    } catch {
      return undefined;
    }
  }

  #resume(step: Pending | Verifying, answer: number, body: string | Uint8Array = ""): Step {
    const { question, registration, number, place } = step;
    try {
      // While the host was at work the instance may have trapped, and forgotten what it waited for.
      if (!isCurrent(registration.epoch)) return this.#registrar.about.failure;
      const length = write(body);
      const code = call(() => core.resume(registration.guard, number, length === undefined ? FAILED : answer, length ?? 0));
      const next = this.#settle(question, registration, code, place);
      if (answer === YES && step instanceof Pending && step.keys) this.#registrar.keepKeys(registration, question.now);
      return next;
    } catch {
      return this.#registrar.about.failure;
    }
  }

  /** Numbers alone; only where the core gave both handles, for exactly this token and exactly this place. */
  #shortWay(fields: Fields, circumstances: Circumstances, now: number): Outcome | undefined {
    const token = isPlain(circumstances) ? fields.soleToken() : undefined;
    if (token === undefined) return undefined;
    const registration = this.#registrar.current(now);
    const known = registration.tokens.get(token);
    const place = known === undefined ? undefined : fields.place();
    const route = place === undefined ? undefined : registration.routes.get(fields.method, place);
    if (known === undefined || place === undefined || route === undefined) return undefined;
    const audited = !this.#audience.empty;
    // The event of the short way would not tell a justification.
    if (audited && header(fields, JUSTIFICATION) !== undefined) return undefined;
    const id = audited ? requestId(fields, circumstances) : "";
    // To read a header is to run the caller's code, and that may have ended the epoch: the next one gives these numbers again.
    if (audited && this.#registrar.live !== registration) return undefined;
    const code = checkKnown(registration.guard, known.handle, route.handle, now);
    if ((code & 0xff) === ALLOW) return this.#told(again(known, route, code >>> 8), registration, id);
    // What a handle stood for may be gone: the token ended, its key was withdrawn, or the core has forgotten the one or the
    // other. Both are asked for anew.
    registration.tokens.delete(token);
    registration.routes.delete(place);
    return undefined;
  }

  #fullWay(question: Question): Step {
    const text = question.text();
    let registration = this.#registrar.current(question.now);
    let code = ask(registration, text, question.now);
    if (code === UNKNOWN) {
      registration = this.#registrar.renew(question.now);
      code = ask(registration, text, question.now);
    }
    return this.#settle(question, registration, code, 0);
  }

  /** `answered`: how many needs the request has had. */
  #settle(question: Question, registration: Registration, code: number, answered: number): Step {
    const { guard } = registration;
    if (code === NEED) {
      if (answered === MOST_NEEDS) throw new RangeError("the core asks without an end");
      const address = call(() => core.signature_need(guard));
      if (address !== 0) return this.#verify(question, registration, address, answered + 1);
      const need = JSON.parse(call(() => core.need(guard))) as Need;
      const found = this.#inBackground(question, need, registration) ?? answer(need, this.#means);
      return new Pending(question, registration, need, answered + 1, found);
    }
    if (code === REJECT) {
      const refusal = new Refusal(JSON.parse(call(() => core.outcome(guard, REFUSAL))) as Rejected);
      return this.#told(refusal, registration, question.requestId);
    }
    if (code !== ALLOW) throw new RangeError(`the core answered ${code}`);
    const direct = this.#registrar.live === registration;
    return this.#told(call(() => grant(registration, question.names, direct)), registration, question.requestId);
  }

  /** Has the host verify the signature of which the core says at that address what it is. */
  #verify(question: Question, registration: Registration, address: number, place: number): Step {
    const { epoch, guard, verifier } = registration;
    const signed = new Signed(registration, address);
    const host: SignatureVerifier = verifier;
    let code: number = FAILED;
    try {
      const valid = host.verify(signed);
      if (!synchronous) return new Verifying(question, registration, signed.pending, place, valid as PromiseLike<boolean>);
      code = valid === true ? YES : NO;
    } catch {
      // As for every need: the core decides what that means.
    }
    // To import a key the core was asked for it, and may have trapped.
    if (!isCurrent(epoch)) throw new EngineFailure("the instance is gone");
    return this.#settle(question, registration, call(() => core.resume(guard, signed.pending, code, 0)), place);
  }

  /** Keys that are only to be renewed come behind the answer, where the host can wait for them. */
  #inBackground({ waitUntil }: Question, need: Need, registration: Registration): Answer | undefined {
    if (need.need !== "keys" || !need.stale || waitUntil === undefined) return undefined;
    const work = renewKeys(need.url, this.#means, this.#registrar, registration);
    try {
      waitUntil(work);
    } catch (error) {
      report(error);
    }
    return later;
  }

  #told<Said extends Outcome>(outcome: Said, { guard }: Registration, requestId: string): Said {
    if (this.#audience.empty) return outcome;
    const event = JSON.parse(call(() => core.event(guard, uuid(), requestId))) as DecisionEvent;
    this.#audience.tell(freeze(event));
    return outcome;
  }
}

function ask({ guard }: Registration, text: string, now: number): number {
  const length = write(text);
  if (length === undefined) throw new RangeError("the request is too large");
  return call(() => core.check(guard, length, now));
}

/** `core.check_known` without a function around it: on the short way nothing is made. */
function checkKnown(guard: number, principal: number, route: number, now: number): number {
  try {
    return core.check_known(guard, principal, route, now);
  } catch (error) {
    throw failed(error);
  }
}

/** The outcome of the short way. It is frozen, so the one of last time does where nothing has changed. */
function again(known: KnownToken, route: KnownRoute, flags: number): Allowed {
  const { last } = known;
  if (last !== undefined && last.route === route && last.flags === flags) return last.outcome;
  const outcome = allowed(known.principal, route.facts, flags);
  known.last = { route, flags, outcome };
  return outcome;
}

/**
 * The allow that the core has left, and the handles that are new for it; the core keeps a principal or a route only where
 * one is asked for. `direct`: the registration is that of the policy which decided.
 */
function grant({ guard, tokens, routes }: Registration, names: Names | undefined, direct: boolean): Allowed {
  const flags = core.outcome_flags(guard);
  // What the issuer says of an opaque token may be other than it was: never from what was kept.
  const principal = principalFrom(core.outcome(guard, PRINCIPAL));
  const kept = names !== undefined && names.token.length <= LONGEST_TOKEN ? names : undefined;
  const place = direct && kept !== undefined ? routes.get(kept.method, kept.place) : undefined;
  const facts = place?.facts ?? routeFrom(core.outcome(guard, ROUTE));
  const outcome = allowed(principal, facts, flags);
  if (kept === undefined || outcome.preflight) return outcome;
  const handle = tokens.get(kept.token) === undefined ? core.outcome_handle(guard, OF_PRINCIPAL) : 0;
  if (handle !== 0) tokens.set({ token: kept.token, handle, principal, last: undefined });
  const found = place === undefined ? core.outcome_handle(guard, OF_ROUTE) : 0;
  if (found !== 0) routes.set(kept.method, kept.place, { handle: found, facts });
  return outcome;
}
