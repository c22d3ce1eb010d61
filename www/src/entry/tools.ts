export { rustOf } from "../tools/rust-of.js";
export { typesOf } from "../tools/types-of.js";
export { fromYaml, toJson } from "../tools/yaml.js";
