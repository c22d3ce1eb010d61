// Lets the test call the package inside the page.

import * as portcullis from "portcullis";
import * as full from "portcullis/full";
import { runVectors } from "../vectors.mjs";

globalThis.entries = { portcullis, "portcullis/full": full };
// As text: the way into the page would lose a member named `__proto__`.
globalThis.runVectors = (text, entry) => runVectors(globalThis.entries[entry], JSON.parse(text), { full: entry === "portcullis/full" });
