// The condition alone: a CEL engine knows neither roles nor permissions.

import { Environment } from "@marcbachmann/cel-js";
import { articles, condition } from "../scenario.mjs";

const evaluate = new Environment().registerVariable("resource", "map").registerVariable("subject", "map").parse(condition);
const subject = { id: "ann" };

export const conditions = () => (index) => evaluate({ resource: articles[index & 255], subject });
