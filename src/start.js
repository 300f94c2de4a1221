// How does a start spare itself compiling? What Node compiled the last time rests beside the packages, and is read instead.
//
// JavaScript, because this file runs before there is a cache: to strip the types of even one takes Node 40 ms.

import { enableCompileCache, flushCompileCache } from "node:module";
import { join } from "node:path";

import { findBundle } from "./bundle.js";

// As in `main`, which anybody may start without this: nobody else reads or writes what we write, or code that will run.
process.umask(0o077);

// Where the packages are: who can write there decides anyway what runs. Where we cannot, Node compiles and says nothing.
// An operator's NODE_COMPILE_CACHE is in force already, and stays.
enableCompileCache(join(import.meta.dirname, "../node_modules/.cache/rekey"));
await import(findBundle() ?? "./main.ts");
// Now, while what a start needs is still compiled, and not at the end, which a process may not live to see.
flushCompileCache();

/** The first calls have better things to wait for. */
const settledMs = 1000;
// What only the start needed goes back to the system: about 25 MB. `gc` is there with --expose-gc.
setTimeout(() => void globalThis.gc?.({ type: "major", flavor: "last-resort", execution: "async" }), settledMs).unref();
