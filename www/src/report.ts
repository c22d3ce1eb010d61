/** As the host reports errors that nobody caught; Node would end for one, so there it goes to the console. */
export function report(error: unknown): void {
  const host: { readonly reportError?: (error: unknown) => void } = globalThis;
  if (host.reportError !== undefined) host.reportError(error);
  else console.error(error);
}
