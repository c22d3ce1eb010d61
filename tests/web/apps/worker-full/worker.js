import { ConfigError, Guard } from "portcullis/full";
import { serving } from "../serving.js";

const worker = serving({ Guard, ConfigError }, { full: true });

export { worker as default };
