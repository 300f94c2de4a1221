// How does a test get a real browser? The system's Chromium, without a screen.

import { execFileSync } from "node:child_process";

import { chromium, type Browser } from "playwright-core";

import { needProgram } from "./need-program.ts";

/** No sandbox: the tests may run as root, where Chromium has none. The rest keeps it from calling home. */
const args = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export async function openBrowser(): Promise<Browser> {
  const program = needProgram("chromium");
  const executablePath = execFileSync("sh", ["-c", `command -v ${program}`], { encoding: "utf8" }).trim();
  return await chromium.launch({ executablePath, args, headless: true });
}
