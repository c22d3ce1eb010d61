import { ConfigError } from "./config-error.js";
import { call, current, EngineFailure, isCurrent, type Epoch } from "./engine.js";
import { Facts, type Fact } from "./facts.js";
import { freeze } from "./freeze.js";
import { Credentials, Generations, Places } from "./handles.js";
import { Refusal, type RouteFacts } from "./outcome.js";
import type { SubjectNumbers } from "./principal.js";
import { importKeys, replacePolicy } from "./upkeep.js";
import * as core from "./wasm/core.js";
import { Verifier } from "#host";
import type { Allowed, Principal, Rejected } from "./types.js";

/** What a guard is made of, as text. Kept, because a guard is made anew after a trap. */
export interface Documents {
  readonly policy: string;
  /** The policy's signature, where it has one. In full.wasm. */
  readonly signature: string | undefined;
  readonly trust: string | undefined;
  /** The resource types that have a loader. */
  readonly loaders: readonly string[];
}

/** What the core says of a guard. It follows from the documents alone. */
export interface About {
  /** The headers that the core reads, in the order in which it wants them. */
  readonly headers: readonly string[];
  /** How many of the first of them carry a credential; the first of all is the token's. */
  readonly credentials: number;
  /** No request can want keys or a resource. */
  readonly synchronous: boolean;
  /** Some keys are verified by the host. */
  readonly hostVerified: boolean;
  /** Whether the host is asked for revocations, to remember proofs, and for API keys; `null` in guard.wasm, which does none of it. */
  readonly stores: { readonly revocation: boolean; readonly replays: boolean; readonly apiKeys: boolean } | null;
  /** For each resource type, the attributes that the policy reads. */
  readonly resources: ReadonlyMap<string, readonly string[]>;
  /** The answer where the core itself has none. */
  readonly failure: Refusal;
}

/** The core's answer where it does not know the guard. */
const UNKNOWN = 3;

// Handles are positive: with these `check_known` says only whether the guard is known.
const NOBODY = 0;
const NOWHERE = 0;

const TOKENS_KEPT = 1024;
const ROUTES_KEPT = 1024;
const SUBJECTS_KEPT = 1024;
const PERMISSIONS_KEPT = 1024;

/** A token that was allowed once. */
export interface KnownToken {
  readonly token: string;
  readonly handle: number;
  readonly principal: Principal;
  /** The outcome that it had last on the short way: the same facts are the same object. */
  last: { readonly route: KnownRoute; readonly flags: number; readonly outcome: Allowed } | undefined;
}

/** A route that was allowed once. */
export interface KnownRoute {
  readonly handle: number;
  readonly facts: RouteFacts;
}

/** What is known of the questions about a permission. */
export interface Kind {
  /** 0 where the policy does not declare it. */
  readonly number: number;
  /** What its resource type reads of an instance, in the core's order. */
  readonly attributes: readonly string[];
  /** The time mattered once. */
  timed: boolean;
}

/** A guard as one epoch of the instance knows it: its number, and the handles that were given under it. */
export class Registration {
  readonly epoch: Epoch;
  readonly guard: number;
  /** Knows the guard's keys by their numbers. */
  readonly verifier: Verifier;
  readonly tokens = new Credentials<KnownToken>(TOKENS_KEPT);
  readonly routes = new Places<KnownRoute>(ROUTES_KEPT);
  /** By the subject's JSON. */
  readonly subjects = new Generations<string, number>(SUBJECTS_KEPT);
  readonly principals: SubjectNumbers = new WeakMap();
  /** By permission. */
  readonly kinds = new Generations<string, Kind>(PERMISSIONS_KEPT);

  constructor(epoch: Epoch, guard: number, verifier = new Verifier()) {
    this.epoch = epoch;
    this.guard = guard;
    this.verifier = verifier;
  }

  /** The same guard under another policy: what was decided and the numbers of permissions are forgotten, its keys are not. */
  renewed(): Registration {
    return new Registration(this.epoch, this.guard, this.verifier);
  }
}

/** Keeps a guard registered with the core, through traps and the core's own forgetting. */
export class Registrar {
  readonly #facts = new Facts();
  #about: About;
  #documents: Documents;
  #registration: Registration;

  /** Throws a {@link ConfigError} where the documents do not load. */
  constructor(documents: Documents) {
    const [registration, about] = register(documents);
    this.#about = about;
    this.#documents = documents;
    this.#registration = registration;
  }

  /** Of the policy in force. */
  get about(): About {
    return this.#about;
  }

  /** Puts another revision of the policy in force. Throws a {@link ConfigError} where it is refused; then nothing has changed. */
  replacePolicy(signed: Pick<Documents, "policy" | "signature">, now: number): void {
    const documents = { ...this.#documents, ...signed };
    this.ask(now, () => {
      // Made of the new documents: whatever a constructor refuses is refused here.
      const [made, about] = register(documents);
      const known = this.current(now);
      const refused = replacePolicy(known.guard, made.guard, now);
      if (refused !== undefined) throw new ConfigError((JSON.parse(refused) as Refused).error);
      this.#about = about;
      this.#documents = documents;
      this.#registration = known.renewed();
    });
  }

  current(now: number): Registration {
    return this.live ?? this.renew(now);
  }

  /** The registration, unless its epoch is over. */
  get live(): Registration | undefined {
    return isCurrent(this.#registration.epoch) ? this.#registration : undefined;
  }

  /** Registers anew: where the epoch is over, or the core says that it does not know the number. */
  renew(now: number): Registration {
    const [registration] = register(this.#documents);
    this.#facts.repeat(registration.guard, now);
    this.#registration = registration;
    return registration;
  }

  /** Asks the core, where its answer cannot say that it does not know the guard; after a trap once more. */
  ask<Result>(now: number, work: (guard: number) => Result): Result {
    try {
      return work(this.#known(now).guard);
    } catch (error) {
      if (!(error instanceof EngineFailure)) throw error;
      return work(this.renew(now).guard);
    }
  }

  /** Throws a `RangeError` where there is no room for one more. */
  revoke(fact: Fact, now: number): void {
    this.ask(now, (guard) => this.#facts.revoke(guard, fact, now));
  }

  /** How many sets of keys were taken. */
  importKeys(text: string, now: number): number {
    return this.ask(now, (guard) => {
      const taken = importKeys(guard, text, now);
      if (taken > 0) this.#facts.keepKeys(guard, now);
      return taken;
    });
  }

  /** Keeps the keys that the guard has for when it must be made anew. Never throws: that would only cost a fetch. */
  keepKeys({ epoch, guard }: Registration, now: number): void {
    try {
      if (isCurrent(epoch)) this.#facts.keepKeys(guard, now);
    } catch {
      // The epoch is over; the keys of before are kept.
    }
  }

  #known(now: number): Registration {
    const registration = this.current(now);
    const { guard } = registration;
    const code = call(() => core.check_known(guard, NOBODY, NOWHERE, now));
    return code === UNKNOWN ? this.renew(now) : registration;
  }
}

interface Refused {
  readonly error: { readonly document: "policy" | "trust"; readonly path: string; readonly code: string; readonly message: string };
}

type Created =
  | Refused
  | {
      readonly guard: number;
      readonly about: Omit<About, "resources" | "failure"> & {
        readonly resources: Readonly<Record<string, readonly string[]>>;
        readonly engineFailed: Rejected;
      };
    };

function register({ policy, signature, trust, loaders }: Documents): [Registration, About] {
  const epoch = current();
  const lines = signature === undefined ? loaders : [`=${signature}`, ...loaders];
  const created = JSON.parse(call(() => core.create(policy, trust, lines.join("\n")))) as Created;
  // guard.wasm checks no signature: it takes the line for the name of a type, or does not look at it.
  const isUnread = "error" in created ? created.error.path === `resources.${lines[0]}` : created.about.stores === null;
  if (signature !== undefined && isUnread) throw new TypeError("the signature of a policy: this is in portcullis/full");
  if ("error" in created) throw new ConfigError(created.error);
  const { resources, engineFailed, ...about } = freeze(created.about);
  return [
    new Registration(epoch, created.guard),
    { ...about, resources: new Map(Object.entries(resources)), failure: new Refusal(engineFailed) },
  ];
}
