export * from "portcullis/stores/d1";
export * from "portcullis/stores/durable";
export * from "portcullis/stores/api-keys";
export * from "portcullis/stores/kv";
export * from "portcullis/stores/memory";
export * from "portcullis/stores/redis";
