import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/support/need-program.ts"],
    restoreMocks: true,
    // Real servers start in hooks; a cold machine needs more than the default 10 s.
    hookTimeout: 120_000,
    testTimeout: 60_000,
  },
});
