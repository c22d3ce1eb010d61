export * from "portcullis/full/bundle";
