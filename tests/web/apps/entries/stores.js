export * from "portcullis/stores/kv";
export * from "portcullis/stores/memory";
