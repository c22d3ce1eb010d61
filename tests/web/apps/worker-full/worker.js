import { ConfigError, FilterError, Guard, toSql } from "portcullis/full";
import { serving } from "../serving.js";

const worker = serving({ Guard, ConfigError, FilterError, toSql }, { full: true });

export { worker as default };
