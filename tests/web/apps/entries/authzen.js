export * from "portcullis/authzen";
