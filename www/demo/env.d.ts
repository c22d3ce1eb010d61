/** What the runner binds to the Worker. */
export interface Env {
  /** The trust document: a secret of the Worker. */
  readonly TRUST: string;
  /** Takes audit events, and finds the one of a request. */
  readonly AUDIT: Service;
  /** Makes the demo's credentials. */
  readonly IDENTITIES: Service;
  /** The page's files. */
  readonly ASSETS: Service;
}

export interface Service {
  fetch(request: Request | string, init?: RequestInit): Promise<Response>;
}
