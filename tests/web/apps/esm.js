export * from "portcullis";
