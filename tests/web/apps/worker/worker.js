import { ConfigError, Guard } from "portcullis";
import { serving } from "../serving.js";

const worker = serving({ Guard, ConfigError }, { full: false });

export { worker as default };
