// The suite in a page, which calls what runtimes/chromium.mjs has put there.

import { suite } from "../suite.mjs";

globalThis.runSuite = () => suite(globalThis.tell);
