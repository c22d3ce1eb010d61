// Lets the test call the package inside the page.

import * as portcullis from "portcullis";
import { runVectors } from "../vectors.mjs";

globalThis.portcullis = portcullis;
globalThis.runVectors = (suites) => runVectors(portcullis, suites);
