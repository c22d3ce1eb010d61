import { ConfigError, FilterError, Guard, toSql } from "portcullis";
import { serving } from "../serving.js";

const worker = serving({ Guard, ConfigError, FilterError, toSql }, { full: false });

export { worker as default };
