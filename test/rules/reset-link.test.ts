// Where may a link point, and what stands in it? The table of templates.
// Incident: C1 to C4, C18; Guard: ASVS 5.0 1.2.2.

import { describe, expect, test } from "vitest";

import { type LinkRules, parseLinkTemplate, renderLink } from "../../src/reset/link.ts";
import { Refusal } from "../../src/reset/refusal.ts";

const rules: LinkRules = {
  names: ["UserID", "Code", "OrgID", "LoginName"],
  codeRequired: true,
  hosts: ["app.example.com", "other.example.com:8443", "localhost", "[::1]"],
};
const values = { UserID: "u1", Code: "C0DE", OrgID: "acme", LoginName: "ann" };

const link = (template: string, changes: Partial<LinkRules> = {}) =>
  renderLink(parseLinkTemplate(template, { ...rules, ...changes }), values);

function problemOf(template: string, changes: Partial<LinkRules> = {}): string {
  try {
    parseLinkTemplate(template, { ...rules, ...changes });
  } catch (cause) {
    if (cause instanceof Refusal && cause.details.reason === "url_template_invalid") return cause.details.problem;
    throw cause;
  }
  return "none";
}

describe("a template is filled in", () => {
  test.each([
    ["https://app.example.com/p?c={{.Code}}", "https://app.example.com/p?c=C0DE"],
    ["https://app.example.com/p?c={{ .Code }}", "https://app.example.com/p?c=C0DE"],
    ["https://app.example.com/p?c={{  .Code\t}}", "https://app.example.com/p?c=C0DE"],
    ["https://app.example.com/{{.UserID}}/{{.OrgID}}#{{.Code}}", "https://app.example.com/u1/acme#C0DE"],
    [
      "https://app.example.com/?a={{.Code}}&b={{.Code}}&l={{.LoginName}}",
      "https://app.example.com/?a=C0DE&b=C0DE&l=ann",
    ],
    ["https://app.example.com#{{.Code}}", "https://app.example.com#C0DE"],
    ["https://app.example.com?c={{.Code}}", "https://app.example.com?c=C0DE"],
    ["https://app.example.com:443/{{.Code}}", "https://app.example.com:443/C0DE"],
    ["https://other.example.com:8443/{{.Code}}", "https://other.example.com:8443/C0DE"],
    ["http://localhost:3000/{{.Code}}", "http://localhost:3000/C0DE"],
    ["http://[::1]:3000/{{.Code}}", "http://[::1]:3000/C0DE"],
  ])("%s", (template, filled) => {
    expect(link(template)).toBe(filled);
  });

  test("without a code, where the dialect does not ask for one", () => {
    expect(link("https://app.example.com", { codeRequired: false })).toBe("https://app.example.com");
  });
});

describe("a value stands in a link as it is, and shapes nothing of it", () => {
  const nasty = [
    "a+b@example.org",
    "a&b=c",
    "100%",
    "%41",
    "ann smith",
    "Ünïcode 🔑",
    "../../etc",
    "//evil.example",
    "#x?y",
    "<script>alert(1)</script>",
    "{{.Code}}",
    "\r\nset-cookie: a=b",
    '"',
  ];
  test.each(nasty)("%j", (value) => {
    const template = parseLinkTemplate(
      "https://app.example.com/{{.UserID}}?l={{.LoginName}}&c={{.Code}}#{{.OrgID}}",
      rules,
    );
    const filled = renderLink(template, { UserID: value, LoginName: value, Code: "C0DE", OrgID: value });
    const url = new URL(filled);
    expect(url.origin).toBe("https://app.example.com");
    expect([...url.searchParams]).toEqual([
      ["l", value],
      ["c", "C0DE"],
    ]);
    expect(decodeURIComponent(url.pathname.slice(1))).toBe(value);
    expect(decodeURIComponent(url.hash.slice(1))).toBe(value);
    expect(filled).toMatch(/^[\x21-\x7e]+$/);
  });
});

describe("a target is refused", () => {
  test.each([
    "http://app.example.com/{{.Code}}",
    "https://evil.example/{{.Code}}",
    "https://app.example.com.evil.example/{{.Code}}",
    "https://evil-app.example.com/{{.Code}}",
    "https://app.example.com./{{.Code}}",
    "https://app.example.com:8443/{{.Code}}",
    "https://other.example.com/{{.Code}}",
    "https://app.example.com@evil.example/{{.Code}}",
    "https://user:pass@app.example.com/{{.Code}}",
    "https://evil.example#@app.example.com/{{.Code}}",
    "https://evil.example?@app.example.com/{{.Code}}",
    "https://app.example.com\\@evil.example/{{.Code}}",
    "https:\\\\app.example.com\\{{.Code}}",
    "https://app.example.com/\\evil.example/{{.Code}}",
    "https://app.example.com/a b/{{.Code}}",
    "https://app.example.com%2eevil.example/{{.Code}}",
    "https://app.example.com%00.evil.example/{{.Code}}",
    "//app.example.com/{{.Code}}",
    "/{{.Code}}",
    "app.example.com/{{.Code}}",
    "javascript:alert('{{.Code}}')",
    "javascript://app.example.com/%0aalert('{{.Code}}')",
    "JavaScript:alert(1)//{{.Code}}",
    "data:text/html,{{.Code}}",
    "vbscript:{{.Code}}",
    "file:///etc/{{.Code}}",
    "ftp://app.example.com/{{.Code}}",
    "blob:https://app.example.com/{{.Code}}",
    " https://app.example.com/{{.Code}}",
    "https://app.example.com/{{.Code}} ",
    "https://app.exa\tmple.com/{{.Code}}",
    "https://app.example.com/\r\nbcc:x@evil.example/{{.Code}}",
    "https://app.example.com/\u0000{{.Code}}",
    "https://app.example.com/\u007f{{.Code}}",
    "https://[::1/{{.Code}}",
    "https://127.0.0.1/{{.Code}}",
    "https:///app.example.com/{{.Code}}",
    "https://{{.Code}}",
    "https://{{.OrgID}}.example.com/{{.Code}}",
    "https://app.example.com{{.Code}}",
    "https://app.example.com:{{.Code}}/",
    "{{.Code}}://app.example.com/",
    "{{.Code}}",
  ])("%j", (template) => {
    expect(problemOf(template)).toBe("target_not_allowed");
  });

  test("whatever its host is, when the realm allows none", () => {
    expect(problemOf("https://app.example.com/{{.Code}}", { hosts: [] })).toBe("target_not_allowed");
    expect(problemOf("http://localhost/{{.Code}}", { hosts: [] })).toBe("target_not_allowed");
  });
});

describe("a template that is not ours is refused", () => {
  test.each([
    ["https://app.example.com/{{.Password}}{{.Code}}", "unknown_name"],
    ["https://app.example.com/{{.code}}", "unknown_name"],
    ["https://app.example.com/{{.constructor}}{{.Code}}", "unknown_name"],
    ["https://app.example.com/{{.Code", "syntax"],
    ["https://app.example.com/.Code}}", "syntax"],
    ["https://app.example.com/{{Code}}", "syntax"],
    ["https://app.example.com/{{ . Code }}", "syntax"],
    ["https://app.example.com/{{.Code.Length}}", "syntax"],
    ["https://app.example.com/{{if .Code}}{{.Code}}{{end}}", "syntax"],
    ["https://app.example.com/{{.Code | html}}", "syntax"],
    ["https://app.example.com/{{{{.Code}}}}", "syntax"],
    ["https://app.example.com/{{}}{{.Code}}", "syntax"],
    ["https://app.example.com/%7B%7B.Code%7D%7D", "no_code"],
    ["https://app.example.com/", "no_code"],
    ["https://app.example.com/{.Code}", "no_code"],
  ])("%s: %s", (template, problem) => {
    expect(problemOf(template)).toBe(problem);
  });

  test("a name that the dialect does not know is unknown, though another dialect knows it", () => {
    const names = ["UserID", "Code", "OrgID"] as const;
    expect(problemOf("https://app.example.com/{{.LoginName}}/{{.Code}}", { names })).toBe("unknown_name");
  });
});
