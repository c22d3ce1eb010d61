// The suite in this Node.

import { suite } from "../suite.mjs";

export const about = () => `Node ${process.version}`;

export const run = suite;
