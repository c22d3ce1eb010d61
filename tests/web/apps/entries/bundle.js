export * from "portcullis/bundle";
