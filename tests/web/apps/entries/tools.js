export * from "portcullis/tools";
