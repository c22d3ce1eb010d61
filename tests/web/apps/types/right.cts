// The same package, required.

import portcullis = require("portcullis");

const guard: portcullis.Guard = new portcullis.Guard({ policy: {} });
export const may: boolean = guard.can({ id: "u1" }, "read_users");
export const kind: portcullis.PrincipalKind = "guest";
export const isConfigError = (error: unknown): error is portcullis.ConfigError => error instanceof portcullis.ConfigError;
