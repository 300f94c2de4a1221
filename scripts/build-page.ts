// How does the recovery page get to the browser? Bundles src/page into gen/page, which the service serves as it is.

import { join } from "node:path";

import { build, type Plugin } from "vite";

const root = join(import.meta.dirname, "../src/page");

/** Browsers that know `light-dark()` and workers that are modules: those of 2024 and later. */
const browsers = ["chrome123", "firefox120", "safari17.5"];

/** A FileDescriptorProto of the name "buf/validate/validate.proto" and the syntax "proto3", in base64. */
const emptyFile = "ChtidWYvdmFsaWRhdGUvdmFsaWRhdGUucHJvdG9iBnByb3RvMw==";

/**
 * The rules of fields are the service's to check. Their descriptor would be a third of the page, so that the contract's
 * import of it is given an empty file of the same name.
 */
const withoutValidation: Plugin = {
  name: "without-validation",
  load(id) {
    if (!id.endsWith("buf/validate/validate_pb.js")) return null;
    return `import { fileDesc } from "@bufbuild/protobuf/codegenv2";
export const file_buf_validate_validate = fileDesc("${emptyFile}");`;
  },
};

await build({
  configFile: false,
  root,
  base: "./",
  publicDir: join(root, "public"),
  logLevel: "warn",
  plugins: [withoutValidation],
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    outDir: join(import.meta.dirname, "../gen/page"),
    emptyOutDir: true,
    target: browsers,
    modulePreload: false,
    reportCompressedSize: false,
    rolldownOptions: {
      input: { recover: join(root, "recover.tsx") },
      // Names that stay: the service tells browsers by a tag when a file has changed.
      output: { entryFileNames: "[name].js", assetFileNames: "recover[extname]" },
    },
  },
  worker: { format: "es", rolldownOptions: { output: { entryFileNames: "solve.js" } } },
});
