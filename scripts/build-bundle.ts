// How do the files of a start become few? Bundles src/main.ts and all that it loads into dist, for `npm start` to find.
//
// node scripts/build-bundle.ts [--if-possible]

import { renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { parseArgs } from "node:util";

import { bundleDirectory, bundleEntry, describeFile, digestOf, madeFromFile } from "../src/bundle.js";

const root = join(import.meta.dirname, "..");
const sources = join(root, "src/");
/** Which packages there are, and so which of their files are found. */
const lockFile = "package-lock.json";

export async function buildBundle(): Promise<void> {
  // Not there in an installation without development packages.
  const { rolldown } = await import("rolldown");
  const digests = new Map<string, string>();
  const bundle = await rolldown({
    cwd: root,
    input: { [bundleEntry.replace(/\.js$/, "")]: join(sources, "main.ts") },
    platform: "node",
    // Machine code, or on the way to some: found from dist as from the package that wants it.
    external: ["msgpackr-extract"],
    // As Node strips types: nothing else is changed.
    tsconfig: false,
    transform: {
      typescript: { onlyRemoveTypeImports: true },
      define: { __dirname: "import.meta.dirname", __filename: "import.meta.filename" },
    },
    plugins: [
      {
        name: "rekey",
        transform(code, id) {
          if (id.startsWith("\0")) return null;
          digests.set(relative(root, id), digestOf(code));
          return id.startsWith(sources) ? { code: withOwnPlace(code, id), map: null } : null;
        },
      },
    ],
  });
  const directory = `${bundleDirectory}-${process.pid}`;
  try {
    await bundle.write({ dir: directory, format: "esm", sourcemap: true, chunkFileNames: "[name].js" });
    const files = [...digests].map(([path, digest]) => {
      const file = describeFile(path);
      if (file.digest !== digest) throw new Error(`${path} was changed meanwhile`);
      return file;
    });
    writeFileSync(join(directory, madeFromFile), JSON.stringify([...files, describeFile(lockFile)]));
    rmSync(bundleDirectory, { recursive: true, force: true });
    renameSync(directory, bundleDirectory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** What lies beside a source (scripts of Redis, templates, the hashing thread) is found from there, and never copied. */
function withOwnPlace(code: string, id: string): string {
  const file = JSON.stringify(relative(bundleDirectory, id));
  const directory = JSON.stringify(`/${relative(bundleDirectory, dirname(id))}`);
  return code
    .replaceAll("import.meta.url", `new URL(${file}, import.meta.url).href`)
    .replaceAll("import.meta.dirname", `(import.meta.dirname + ${directory})`);
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { "if-possible": { type: "boolean", default: false } } });
  try {
    await buildBundle();
  } catch (error) {
    if (!values["if-possible"]) throw error;
    process.stderr.write(`Rekey was not bundled and starts from its sources: ${String(error)}\n`);
  }
}
