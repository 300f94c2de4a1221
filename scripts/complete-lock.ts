// Which optional platform packages does package-lock.json lack? Puts them back.
//
// Why: native tools list one optional package per platform. npm leaves out of the lock those that the registry at
// hand does not carry, and `npm ci` then refuses that lock ("Missing: … from lock file"). Each entry added here has
// the version its parent asks for and the platform its name says, so npm installs it only where it fits.
// Run it after every `npm install` that changed the lock: node scripts/complete-lock.ts

import { readFileSync, writeFileSync } from "node:fs";

type Entry = {
  version?: string;
  optionalDependencies?: Record<string, string>;
  dev?: boolean;
  optional?: boolean;
  cpu?: string[];
  os?: string[];
  libc?: string[];
};

const file = new URL("../package-lock.json", import.meta.url);
const lock = JSON.parse(readFileSync(file, "utf8")) as { packages: Record<string, Entry> };

const systems = new Set("aix android darwin freebsd linux netbsd openbsd openharmony sunos win32".split(" "));
const architectures: Record<string, string> = { aarch64: "arm64", armv7: "arm" };
const known = new Set("arm arm64 ia32 loong64 mips64el ppc64 riscv64 s390x x64 wasm32".split(" "));

for (const parent of Object.values({ ...lock.packages })) {
  for (const [name, range] of Object.entries(parent.optionalDependencies ?? {})) {
    const path = `node_modules/${name}`;
    if (lock.packages[path] !== undefined) continue;
    const words = (name.split("/").at(-1) ?? name).split("-");
    const os = words.find((word) => systems.has(word));
    const cpu = words.map((word) => architectures[word] ?? word).find((word) => known.has(word));
    if (cpu === undefined || !/^\d/.test(range)) continue; // not a platform package
    const libc = words.includes("gnu") ? "glibc" : words.includes("musl") ? "musl" : undefined;
    lock.packages[path] = {
      version: range,
      cpu: [cpu],
      ...(parent.dev ? { dev: true } : {}),
      ...(os === "linux" && libc !== undefined ? { libc: [libc] } : {}),
      optional: true,
      ...(os !== undefined ? { os: [os] } : {}),
    };
  }
}

const { "": root, ...rest } = lock.packages;
lock.packages = {
  "": root ?? {},
  ...Object.fromEntries(Object.entries(rest).toSorted(([a], [b]) => (a < b ? -1 : 1))),
};
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
