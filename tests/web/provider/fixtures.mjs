// A site and providers for the tests of a file or of a group, opened before them and closed behind them.

import { after, before, beforeEach } from "node:test";
import { clientToken, metadataOf } from "./client.mjs";
import { machine, resourceFor, startProvider } from "./provider.mjs";
import { openSite } from "./site.mjs";

/** The package's entries that hold a Guard. */
export const entries = ["portcullis", "portcullis/full"];

export const trusting = (...issuers) => ({ issuers });

/** The site, for all tests of the file. */
export function siteOf() {
  let site;
  before(async () => {
    site = await openSite();
  });
  after(() => site?.close());
  return { gate: (options) => site.gate(options) };
}

/** A provider with keys for these algorithms, and where it has what. */
export function provided(...algorithms) {
  const held = {};
  before(async () => {
    held.provider = await startProvider(algorithms);
    held.issuer = held.provider.issuer;
    held.metadata = await metadataOf(held.issuer);
    held.discovery = `${held.issuer}/.well-known/openid-configuration`;
    held.keys = held.metadata.jwks_uri;
  });
  // A test that stopped it may have failed.
  beforeEach(() => held.provider.start());
  after(() => held.provider?.stop());
  return held;
}

/** An access token of the client that acts for itself. */
export async function machineToken({ issuer }, algorithm) {
  return (await clientToken(issuer, { credentials: machine, resource: resourceFor(algorithm) })).access_token;
}
