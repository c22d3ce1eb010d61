export * from "portcullis/issuer";
