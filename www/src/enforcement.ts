import { uuid, type Audience } from "./audit.js";
import { renewKeys } from "./background.js";
import { call, isCurrent, write } from "./engine.js";
import { freeze } from "./freeze.js";
import { answer, FAILED, later, YES, type Answer, type Means, type Need } from "./need.js";
import { allowed, outcomeFrom } from "./outcome.js";
import type { Names, Question } from "./question.js";
import type { Registrar, Registration } from "./registration.js";
import { report } from "./report.js";
import * as core from "./wasm/core.js";
import type { DecisionEvent, Granted, Outcome } from "./types.js";

// The core's answers.
const REJECT = 0;
const ALLOW = 1;
const NEED = 2;
const UNKNOWN = 3;

// More than any walk has: metadata, keys, the signatures of a token and of its proof, a revocation, a proof, a resource.
// It ends by itself; this is for the core that would not.
const MOST_NEEDS = 8;

// Characters of a credential or a place beyond which it goes the full way each time: what is kept is bounded.
const LONGEST_NAME = 4096;

/** What the core waits for. */
class Pending {
  readonly registration: Registration;
  readonly number: number;
  /** It waits for keys. */
  readonly keys: boolean;
  /** Which of the request's needs it is, counted from one. */
  readonly place: number;
  readonly answer: Answer | Promise<Answer>;

  constructor(registration: Registration, { pending, need }: Need, place: number, answer: Answer | Promise<Answer>) {
    this.registration = registration;
    this.number = pending;
    this.keys = need === "keys";
    this.place = place;
    this.answer = answer;
  }
}

type Step = Outcome | Pending;

/**
 * The loop around the core: hand the request over, do what is needed, hand that over, until there is an
 * outcome. Between a call and the reading of what it left nothing else runs, so that requests which wait at
 * the same time do not meet.
 */
export class Enforcement {
  readonly #registrar: Registrar;
  readonly #means: Means;
  readonly #audience: Audience;

  constructor(registrar: Registrar, means: Means, audience: Audience) {
    this.#registrar = registrar;
    this.#means = means;
    this.#audience = audience;
  }

  async check(question: Question): Promise<Outcome> {
    let step = this.#begin(question);
    while (step instanceof Pending) {
      const found = step.answer instanceof Promise ? await step.answer : step.answer;
      step = this.#resume(question, step, found);
    }
    return step;
  }

  /** For a guard whose needs are all answered at once. */
  checkSync(question: Question): Outcome {
    let step = this.#begin(question);
    while (step instanceof Pending) {
      if (step.answer instanceof Promise) return this.#registrar.about.failure;
      step = this.#resume(question, step, step.answer);
    }
    return step;
  }

  #begin(question: Question): Step {
    return this.#failingClosed(() => this.#shortWay(question) ?? this.#fullWay(question));
  }

  #resume(question: Question, { registration, number, keys, place }: Pending, found: Answer): Step {
    return this.#failingClosed(() => {
      // While the host was at work the instance may have trapped, and forgotten what it waited for.
      if (!isCurrent(registration.epoch)) return this.#registrar.about.failure;
      const length = write(found.body);
      const code = call(() => core.resume(registration.guard, number, length === undefined ? FAILED : found.code, length ?? 0));
      const step = this.#settle(question, registration, code, place);
      if (keys && found.code === YES) this.#registrar.keepKeys(registration, question.now);
      return step;
    });
  }

  /** Numbers alone; only where the core gave both handles, for exactly this token and exactly this place. */
  #shortWay(question: Question): Outcome | undefined {
    const { names, now } = question;
    if (names === undefined) return undefined;
    const registration = this.#registrar.current(now);
    const known = registration.tokens.get(names.token);
    const route = registration.routes.get(names.place);
    if (known === undefined || route === undefined) return undefined;
    const { guard } = registration;
    const code = call(() => core.check_known(guard, known.handle, route.handle, now));
    if (code === ALLOW) {
      const flags = call(() => core.outcome_flags(guard));
      return this.#told(question, registration, allowed(known.principal, route.facts, flags));
    }
    // What the handle stood for may be gone: its token ended, its key was withdrawn.
    registration.tokens.delete(names.token);
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
      const need = JSON.parse(call(() => core.need(guard))) as Need;
      const found = this.#inBackground(question, need, registration) ?? answer(need, this.#means, registration);
      return new Pending(registration, need, answered + 1, found);
    }
    if (code !== ALLOW && code !== REJECT) throw new RangeError(`the core answered ${code}`);
    const outcome = outcomeFrom(call(() => core.outcome(guard)));
    if (outcome.allowed && !outcome.preflight && question.names !== undefined) remember(registration, question.names, outcome);
    return this.#told(question, registration, outcome);
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

  #told(question: Question, { guard }: Registration, outcome: Outcome): Outcome {
    if (this.#audience.empty) return outcome;
    const event = JSON.parse(call(() => core.event(guard, uuid(), question.requestId))) as DecisionEvent;
    this.#audience.tell(freeze(event));
    return outcome;
  }

  #failingClosed(work: () => Step): Step {
    try {
      return work();
    } catch {
      return this.#registrar.about.failure;
    }
  }
}

function ask({ guard }: Registration, text: string, now: number): number {
  const length = write(text);
  if (length === undefined) throw new RangeError("the request is too large");
  return call(() => core.check(guard, length, now));
}

/** Asks for the handles that are new; the core keeps a principal or a route only where one is asked for. */
function remember({ guard, tokens, routes }: Registration, { token, place }: Names, { principal, route, permission, resource }: Granted): void {
  if (token.length > LONGEST_NAME || place.length > LONGEST_NAME) return;
  if (tokens.get(token) === undefined) {
    const handle = call(() => core.outcome_principal(guard));
    if (handle !== 0) tokens.set(token, { handle, principal });
  }
  if (routes.get(place) === undefined) {
    const handle = call(() => core.outcome_route(guard));
    if (handle !== 0) routes.set(place, { handle, facts: { route, permission, resource } });
  }
}
