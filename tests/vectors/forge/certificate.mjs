// Client certificates, and the forms in which a TLS terminator hands them on.
//
// TEST ONLY: the certificates are self-signed, nobody holds their private keys any more, and the guard
// reads nothing in them but their hash.

import { createHash } from "node:crypto";
import { usual } from "./token.mjs";

const der = (...lines) => Buffer.from(lines.join(""), "base64");

/** RFC 8705 appendix A, figure 6; its thumbprint is figure 5's. */
export const rfc8705 = der(
  "MIIBBjCBrAIBAjAKBggqhkjOPQQDAjAPMQ0wCwYDVQQDDARtdGxzMB4XDTE4MTAxODEyMzcwOVoXDTIyMDUwMjEyMzcwOVowDzENMAsGA1UEAwwEbXRsczBZMBMGByqG",
  "SM49AgEGCCqGSM49AwEHA0IABNcnyxwqV6hY8QnhxxzFQ03C7HKW9OylMbnQZjjJ/Au08/coZwxS7LfA4vOLS9WuneIXhbGGWvsDSb0tH6IxLm8wCgYIKoZIzj0EAwID",
  "SQAwRgIhAP0RC1E+vwJD/D1AGHGzuri+hlV/PpQEKTWUVeORWz83AiEA5x2eXZOVbUlJSGQgjwD5vaUaKlLR50Q2DmFfQj1L+SY=",
);
export const rfc8705Thumbprint = "A4DtL2JmUMhAsvJj5tKyn64SqzmuXbMrJa0n761y5v0";

/** RFC 9440 appendix A: the certificate, and the header `Client-Cert` that carries it. */
export const rfc9440Header =
  ":MIIBqDCCAU6gAwIBAgIBBzAKBggqhkjOPQQDAjA6MRswGQYDVQQKDBJMZXQncyBBdXRoZW50aWNhdGUxGzAZBgNVBAMMEkxBIEludGVybWVkaWF0ZSBDQTAeFw0yMDAx" +
  "MTQyMjU1MzNaFw0yMTAxMjMyMjU1MzNaMA0xCzAJBgNVBAMMAkJDMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE8YnXXfaUgmnMtOXU/IncWalRhebrXmckC8vdgJ1p" +
  "5Be5F/3YC8OthxM4+k1M6aEAEFcGzkJiNy6J84y7uzo9M6NyMHAwCQYDVR0TBAIwADAfBgNVHSMEGDAWgBRm3WjLa38lbEYCuiCPct0ZaSED2DAOBgNVHQ8BAf8EBAMC" +
  "BsAwEwYDVR0lBAwwCgYIKwYBBQUHAwIwHQYDVR0RAQH/BBMwEYEPYmRjQGV4YW1wbGUuY29tMAoGCCqGSM49BAMCA0gAMEUCIBHda/r1vaL6G3VliL4/Di6YK0Q6bMje" +
  "SkC3dFCOOB8TAiEAx/kHSB4urmiZ0NX5r5XarmPk0wmuydBVoU4hBVZ1yhk=:";
export const rfc9440 = Buffer.from(rfc9440Header.slice(1, -1), "base64");

/** Another client's, with a key of P-256. */
export const other = der(
  "MIIBjTCCATOgAwIBAgIUa1loeqL3N2oDN8E7C2mR/wEjhr8wCgYIKoZIzj0EAwIwGzEZMBcGA1UEAwwQVEVTVCBPTkxZIGNsaWVudDAgFw0yNjExMjMwNzI5NDJaGA8y",
  "MTI2MTAzMDA3Mjk0MlowGzEZMBcGA1UEAwwQVEVTVCBPTkxZIGNsaWVudDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABMLTZSxsK2yh1LpjMlzrHPYwfsSS9z5/Oiku",
  "BelWJye4dvX3Vf/gIzmmxTmA8JFY29Agm+862K2WVmP7jq1d/WmjUzBRMB0GA1UdDgQWBBSbV9ncVZ5hj0/ZWuPT9jCHSDTK5zAfBgNVHSMEGDAWgBSbV9ncVZ5hj0/Z",
  "WuPT9jCHSDTK5zAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0gAMEUCICYzt5RdODt0R4P429ta/4AUqXl/kj+ys0gk5+rEYBs/AiEA6XSdMrM0TVrCWARWDCYo",
  "VO613CQQHgSRuWf81WV4avo=",
);

/** With a key of RSA 2048: a length that three divides, so that its base64 has no padding. */
export const rsa = der(
  "MIIDXzCCAkegAwIBAgIUGT7Wen0WCL74OHhiBdyD9RnzQhIwDQYJKoZIhvcNAQELBQAwPjEfMB0GA1UEAwwWVEVTVCBPTkxZIG90aGVyIGNsaWVudDEbMBkGA1UECgwS",
  "UG9ydGN1bGxpcyB2ZWN0b3JzMCAXDTI2MTEyMzA3Mjk0MloYDzIxMjYxMDMwMDcyOTQyWjA+MR8wHQYDVQQDDBZURVNUIE9OTFkgb3RoZXIgY2xpZW50MRswGQYDVQQK",
  "DBJQb3J0Y3VsbGlzIHZlY3RvcnMwggEiMA0GCSqGSIb3DQEBAQUAA4IBDwAwggEKAoIBAQCsUsVqt0XR8HhhHNJy69Ds3gkGGLdi20dMSFfH4fPVDKkmaXvZxRF16HwJ",
  "lF4Xmzg9NEEZx0eZf1MKWZmh0zpIyWMZtc+OD+tyLmGVUERR2d3aHhINUIy6MM2p1m1sU1zszaDGxa/aHg2OnD/JMtvvaAQh8gVpTE35T/tseAFPdf4QqMaVbHJSaTvr",
  "FIl9G/c8dGWiag09T7i+mAWg7gP/FKeaCEp9tPW+BHB5n5XXvGscu0nBBDMNmU9D0LFedz/oCCIEATdb/SzOvijJu3tJeMfE8VWOsxKILp+g0oJFcI6fSVR/FMzCzjHz",
  "o1MeVv+uDNI6sC5SbFFgZa8FHJ8LAgMBAAGjUzBRMB0GA1UdDgQWBBTy6vWFowYt6ERuKom+Qhndmz1OqzAfBgNVHSMEGDAWgBTy6vWFowYt6ERuKom+Qhndmz1OqzAP",
  "BgNVHRMBAf8EBTADAQH/MA0GCSqGSIb3DQEBCwUAA4IBAQCCgyJNwaUppBkyd4takMJTiezyv3q+23zryM47KLdfmCP5azJ31SLeRVwQqDO7DYl7Nk/mxEYr27Lfo6If",
  "/PV3neR4lV/SwTfGBZxcJZqzd8dBqVB7wzBJlU5BYRfBtg/hHOiRTQYKnypMmyHfrF/X+9QIDujxE99Syzm/Q5SGjltcdM/EWkoQM7RRUTuzyOBNpEDXtle5Qfg776e5",
  "5lICfvYHyGx37ingX0EJuMmtWC5kdJ+8H4pT25yWdDsQBScHziMihEcOagmgUdX4MlCzF5hR/nvV5K6mpnJiz5w4OUfvt/pNzdinu2xgHLeM5BpEBaD0byLid1PyWP8M",
  "wKpn",
);

/** `x5t#S256` (RFC 8705 §3.1). */
export const thumbprint = (certificate) => createHash("sha256").update(certificate).digest("base64url");

/** An access token that is bound to a certificate. */
export const bound = (certificate, changes = {}) => usual({ cnf: { "x5t#S256": thumbprint(certificate) }, ...changes });

export const base64 = (certificate) => certificate.toString("base64");

/** RFC 9440 §2.1. */
export const byteSequence = (certificate) => `:${base64(certificate)}:`;

const begin = "-----BEGIN CERTIFICATE-----";
const end = "-----END CERTIFICATE-----";

/** RFC 7468 §5, with `lineBreak` between its lines. */
export const pem = (certificate, lineBreak = "\n", label = "CERTIFICATE") =>
  [begin, ...base64(certificate).match(/.{1,64}/g), end, ""].join(lineBreak).replaceAll("CERTIFICATE", label);

/** As nginx's `$ssl_client_escaped_cert`: all but the unreserved characters is escaped. */
export const escapedPem = (certificate) => encodeURIComponent(pem(certificate));

/** As AWS's Application Load Balancer: `+`, `/` and `=` stay as they are. */
export const partlyEscapedPem = (certificate) => encodeURI(pem(certificate));

/** The hash in hexadecimal, with `between` between its bytes. */
export const hex = (certificate, between = "") => createHash("sha256").update(certificate).digest("hex").match(/../g).join(between);
