// Which pages may call from a browser? Guard: ASVS 5.0 3.4.2, 3.5.2.

import { cors } from "@connectrpc/connect";
import { describe, expect, test } from "vitest";
import { echoUsers } from "../support/echo-users.ts";
import { startEdge } from "../support/start-edge.ts";

const path = "/rekey.v1.UserService/GetUser";
const ours = "https://app.example.org";

async function edgeFor(...allowedOrigins: string[]) {
  return startEdge({ served: [echoUsers()], application: { allowedOrigins } });
}

function preflight(url: string, origin: string) {
  const headers = { origin, "access-control-request-method": "POST", "access-control-request-headers": "content-type" };
  return fetch(url + path, { method: "OPTIONS", headers });
}

function call(url: string, origin: string, body = '{"userId":"ann"}') {
  return fetch(url + path, { method: "POST", headers: { origin, "content-type": "application/json" }, body });
}

describe("a page on the list", () => {
  test("is told by the preflight what it may send", async () => {
    const { url } = await edgeFor("https://other.example.org", ours);
    const answer = await preflight(url, ours);
    expect(answer.status).toBe(204);
    expect(answer.headers.get("access-control-allow-origin")).toBe(ours);
    expect(answer.headers.get("vary")).toBe("Origin");
    expect(answer.headers.get("access-control-max-age")).toBe("7200");
    expect(listed(answer, "access-control-allow-methods").toSorted()).toEqual(
      ["GET", "POST", "PUT", "PATCH", "DELETE"].toSorted(),
    );
    expect(listed(answer, "access-control-allow-headers")).toEqual(
      expect.arrayContaining([...cors.allowedHeaders, "Authorization", "X-Request-Id", "Accept-Language"]),
    );
  });

  test.each([
    ["an answer", '{"userId":"ann"}', 200],
    ["an error", '{"userId":"refuse:no"}', 400],
  ])("may read %s and its headers", async (_, body, status) => {
    const { url } = await edgeFor(ours);
    const answer = await call(url, ours, body);
    expect(answer.status).toBe(status);
    expect(answer.headers.get("access-control-allow-origin")).toBe(ours);
    expect(answer.headers.get("vary")).toBe("Origin");
    expect(listed(answer, "access-control-expose-headers")).toEqual(
      expect.arrayContaining([...cors.exposedHeaders, "X-Request-Id", "Retry-After"]),
    );
  });

  test("is never allowed to send cookies", async () => {
    const { url } = await edgeFor(ours);
    for (const answer of [await preflight(url, ours), await call(url, ours)]) {
      expect(answer.headers.has("access-control-allow-credentials")).toBe(false);
    }
  });
});

describe("a page that is not on the list", () => {
  test.each([
    ["another origin", "https://evil.example.org"],
    ["a longer name", `${ours}.evil.org`],
    ["another scheme", "http://app.example.org"],
    ["another port", `${ours}:8443`],
    ["a name in capitals", "https://APP.example.org"],
    ["no origin of its own", "null"],
    ["a star", "*"],
  ])("%s is told nothing", async (_, origin) => {
    const { url } = await edgeFor(ours);
    for (const answer of [await preflight(url, origin), await call(url, origin)]) {
      expect([...answer.headers.keys()].filter((name) => name.startsWith("access-control-"))).toEqual([]);
      expect(answer.headers.get("vary")).toBe("Origin");
    }
  });

  test("a star on the list allows nobody", async () => {
    const { url } = await edgeFor("*");
    expect((await call(url, ours)).headers.has("access-control-allow-origin")).toBe(false);
  });

  test("without a list nobody is allowed, and no answer depends on the origin", async () => {
    const { url } = await edgeFor();
    const answer = await preflight(url, ours);
    expect(answer.headers.has("access-control-allow-origin")).toBe(false);
    expect(answer.headers.has("vary")).toBe(false);
  });
});

// Guard: ASVS 5.0 3.5.1
test.each(["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""])(
  "a body that a form can send without a preflight, %j, is not taken for a call",
  async (type) => {
    const { url } = await edgeFor(ours);
    const body = new Blob(['{"userName":"ann"}'], { type });
    const answer = await fetch(`${url}/rekey.v1.UserService/CreateUser`, { method: "POST", body });
    expect(answer.status).toBe(415);
  },
);

function listed(answer: Response, header: string): string[] {
  return (answer.headers.get(header) ?? "").split(", ");
}
