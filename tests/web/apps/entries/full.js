export * from "portcullis/full";
