// Lets the test call the package inside the page.

import * as portcullis from "portcullis";
import { runVectors } from "../vectors.mjs";

globalThis.portcullis = portcullis;
// As text: the way into the page would lose a member named `__proto__`.
globalThis.runVectors = (text) => runVectors(portcullis, JSON.parse(text));
