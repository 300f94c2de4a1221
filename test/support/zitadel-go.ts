// How does a test get a client in the manner of zitadel-go? Its Go is made of our own slice of the vendor's messages.

import { copyFile, glob, readFile } from "node:fs/promises";
import { join } from "node:path";

import { cachedTool } from "./cached-tool.ts";
import { needProgram } from "./need-program.ts";
import { mustRun } from "./run-command.ts";

const root = join(import.meta.dirname, "../..");
const here = join(root, "test/e2e/go");
const written = ["main.go", "go.mod", "go.sum"];
const plugins = [
  "google.golang.org/protobuf/cmd/protoc-gen-go@v1.36.12",
  "google.golang.org/grpc/cmd/protoc-gen-go-grpc@v1.6.2",
];
const messages = ["proto/zitadel", "third_party/proto/google/api", "third_party/proto/buf"];

/** Answers the program. Nothing that was generated is committed: it is built from source, once for each state of it. */
export async function builtZitadelGo(): Promise<string> {
  const go = needProgram("go");
  const directory = await cachedTool("zitadel-go", await sources(), async (draft) => {
    for (const plugin of plugins) await mustRun("env", `GOBIN=${draft}`, go, "install", plugin);
    const paths = messages.flatMap((folder) => ["--path", join(root, folder)]);
    await mustRun("buf", "generate", root, "--template", template(draft), "--output", join(draft, "gen"), ...paths);
    for (const name of written) await copyFile(join(here, name), join(draft, name));
    await mustRun(go, "build", "-C", draft, "-o", "zitadel-go", ".");
  });
  return join(directory, "zitadel-go");
}

async function sources(): Promise<string> {
  const files = written.map((name) => join(here, name));
  for await (const file of glob(messages.map((folder) => join(root, folder, "**/*.proto")))) files.push(file);
  const texts = await Promise.all(files.toSorted().map(async (file) => await readFile(file, "utf8")));
  return [...plugins, ...texts].join("\n");
}

/** For buf. The packages are named after the program's module, whatever the files say. */
function template(programs: string): string {
  const local = ["protoc-gen-go", "protoc-gen-go-grpc"];
  return JSON.stringify({
    version: "v2",
    managed: { enabled: true, override: [{ file_option: "go_package_prefix", value: "rekey.test/zitadel/gen" }] },
    plugins: local.map((name) => ({ local: join(programs, name), out: ".", opt: "paths=source_relative" })),
  });
}
