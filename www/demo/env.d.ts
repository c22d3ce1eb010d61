import type { DurableNamespace } from "portcullis/stores/durable";

/** What the runner binds to the Worker. */
export interface Env {
  /** The trust document of the site: a secret of the Worker. */
  readonly TRUST: string;
  /** Takes audit events, and finds the one of a request. */
  readonly AUDIT: Service;
  /** Makes the demo's credentials. */
  readonly IDENTITIES: Service;
  /** The page's files. */
  readonly ASSETS: Service;
  /** Users, sessions, articles, keys, revocations, the audit log: schema.sql. */
  readonly DB: Database;
  /** Attempts, refresh tokens, one-time codes: where exactly one of many writers may win. */
  readonly STORE: DurableNamespace;
  /** How much somebody without an account may make. */
  readonly MAKING: RateLimit;
  /** What refresh tokens are authenticated with: a secret. */
  readonly REFRESH_SECRET: string;
  /** What secrets in the database and the objects are sealed with: 32 bytes in base64, a secret. */
  readonly SEALING_KEY: string;
  /** TEST ONLY: by how many seconds the stories have moved the clock. */
  readonly CLOCK?: Service;
}

export interface Service {
  fetch(request: Request | string, init?: RequestInit): Promise<Response>;
}

/** What is used of a rate limiting binding. */
export interface RateLimit {
  limit(asked: { readonly key: string }): Promise<{ readonly success: boolean }>;
}

/** What is used of a D1 binding. */
export interface Database {
  prepare(sql: string): Statement;
  batch(statements: readonly Statement[]): Promise<readonly Answer[]>;
}

export interface Statement {
  bind(...values: readonly (string | number | null)[]): Statement;
  first<Row>(): Promise<Row | null>;
  all<Row extends object>(): Promise<{ readonly results: readonly Row[]; readonly meta: Meta }>;
  run(): Promise<Answer>;
}

export interface Answer {
  readonly meta: Meta;
}

interface Meta {
  readonly changes: number;
}
