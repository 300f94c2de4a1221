// Does a service that starts warn its operator? Once for each realm that has something to be warned of, before it listens.

import { randomBytes } from "node:crypto";

import { expect, test } from "vitest";

import { startProduction } from "../support/start-production.ts";

test("of edges by which strangers pass a bot check", async () => {
  const recovery = (host: string) => ({
    enabled: true,
    hosts: [host],
    link: `https://${host}/recover#token={{.Token}}`,
  });
  const keygen = (account: string) => ({
    account,
    hosts: [],
    signing_key: randomBytes(32).toString("hex"),
    page: "https://app.example.com/{{.Token}}",
  });
  const loginradius = {
    key: "key-of-the-app",
    secret: randomBytes(32).toString("hex"),
    reset_url: "https://app.example.com/reset",
  };
  const { output } = await startProduction({
    delivery: {
      sms: [{ kind: "http", name: "sms", url: "http://127.0.0.1:9/", form: { to: "{to}", text: "{text}" } }],
    },
    acme: {
      recovery: recovery("acme.example.com"),
      keygen: keygen("5d3a1c1e-9f0b-4c55-8a1c-2b0f6f6d7a10"),
      loginradius,
    },
    others: [{ id: "other", recovery: recovery("other.example.com") }],
  });
  const lines = output().trimEnd().split("\n");
  const told = lines.map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
  expect(told.filter(({ level }) => level === "warn")).toMatchObject([
    { realmId: "acme", edges: ["keygen", "loginradius"], msg: expect.stringContaining("bot_check") },
  ]);
});
