// What hears a client whose JSON cannot be read, in whichever protocol? Which field has to be what; never a value of it.

import { once } from "node:events";
import http2, { type IncomingHttpHeaders } from "node:http2";
import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";

import { Code } from "@connectrpc/connect";
import { codeFromString } from "@connectrpc/connect/protocol-connect";
import { describe, expect, onTestFinished, test } from "vitest";

import { serve, type ServeOptions } from "../../src/edge/http/served.ts";
import { Shelf } from "../fixtures/gen/rest_cases_pb.ts";
import { startEdge } from "../support/start-edge.ts";

/** Stands where a password could. */
const canary = "kanarienvogel";

const unreadable: readonly (readonly [name: string, json: string, words: string])[] = [
  ["a number for a text", `{"text":1, "maybeText":"${canary}"}`, "text must be a string"],
  ["a text for a number", `{"int32":"${canary}"}`, "int32 must be a whole number from -2147483648 to 2147483647"],
  ["an object for a text", `{"text":{"${canary}":"${canary}"}}`, "text must be a string"],
  ["a list for a text", `{"text":["${canary}"]}`, "text must be a string"],
  ["a number that is too large", '{"uint32":8242424242}', "uint32 must be a whole number from 0 to 4294967295"],
  ["a text for a truth", `{"bool":"${canary}"}`, "bool must be true or false"],
  ["a field inside", `{"child":{"child":{"double":"${canary}"}}}`, "child.child.double must be a number"],
  ["an item", `{"numbers":[1,"${canary}"]}`, "numbers[1] must be a whole number from -2147483648 to 2147483647"],
  ["an item inside", `{"children":[{},{"text":["${canary}"]}]}`, "children[1].text must be a string"],
  [
    "a name that the enum lacks",
    `{"color":"${canary}"}`,
    "color must be one of COLOR_UNSPECIFIED, COLOR_RED, COLOR_BLUE",
  ],
  [
    "an item of an enum",
    `{"colors":["${canary}"]}`,
    "colors[0] must be one of COLOR_UNSPECIFIED, COLOR_RED, COLOR_BLUE",
  ],
  ["bytes that are none", `{"bytes":"${canary}!"}`, "bytes must be bytes in base64"],
  ["an entry of a map", `{"labels":{"a":["${canary}"]}}`, 'labels["a"] must be a string'],
  ["a time", `{"timestamp":"${canary}"}`, "timestamp must be a time of RFC 3339, such as 2026-01-31T23:59:59Z"],
  ["a member of a oneof", `{"choiceText":["${canary}"]}`, "choice_text must be a string"],
  [
    "two members of a oneof",
    `{"choiceText":"${canary}","choiceChild":{}}`,
    "choice_child cannot be given together with choice_text",
  ],
  ["an unknown field", `{"nobody":"${canary}"}`, "nobody is not a known field"],
  ["a name given twice", `{"text":"${canary}","text":"${canary}"}`, 'the name "text" in the body is given twice'],
  ["a text for a message", `"${canary}"`, "must be a JSON object"],
  ["broken JSON", `{"text":"${canary}"`, "the body is not valid JSON"],
  ["no JSON at all", canary, "the body is not valid JSON"],
  [
    "two that are wrong",
    `{"text":1,"int32":"${canary}"}`,
    "text must be a string; int32 must be a whole number from -2147483648 to 2147483647",
  ],
];

const ways = ["fast", "ordinary"] as const;

type Form = {
  readonly name: string;
  readonly type: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly pack: (message: Buffer) => Buffer;
  readonly outcome: (answer: Answer) => Outcome;
};
type Answer = { readonly fields: IncomingHttpHeaders; readonly body: Buffer };
/** Without a code: it was answered. */
type Outcome = { readonly code?: number | undefined; readonly message?: string | undefined };

const forms: readonly Form[] = [
  { name: "Connect", type: "application/", pack: (message) => message, outcome: ofConnect },
  {
    name: "packed Connect",
    type: "application/",
    headers: { "content-encoding": "gzip" },
    pack: (message) => gzipSync(message),
    outcome: ofConnect,
  },
  {
    name: "a Connect stream",
    type: "application/connect+",
    method: "Count",
    pack: framed,
    outcome: ({ body }) => errorOf(JSON.parse(lastFrame(body)).error ?? {}),
  },
  {
    name: "gRPC-Web",
    type: "application/grpc-web+",
    pack: framed,
    outcome: ({ body }) => ofGrpc(Object.fromEntries(new Headers(linesOf(lastFrame(body))))),
  },
  { name: "gRPC", type: "application/grpc+", pack: framed, outcome: ({ fields }) => ofGrpc(fields) },
];

describe.each(ways)("the %s way", (way) => {
  describe.each(forms)("$name", (form) => {
    test.each(unreadable)("%s: %s", async (_, json, words) => {
      const { outcome, all } = await ask(way, form, "json", Buffer.from(json));
      expect(outcome).toEqual({ code: Code.InvalidArgument, message: words });
      expect(all).not.toContain(canary);
      expect(all).not.toContain("8242424242");
    });

    test("what can be read is read", async () => {
      const json = Buffer.from(`\ufeff{"text":"${canary}","colors":["COLOR_RED",2]}`);
      expect((await ask(way, form, "json", json)).outcome).toEqual({});
    });

    test("bytes that cannot be read are not sent back either", async () => {
      // The first field ends before it should.
      const broken = Buffer.concat([Buffer.from([0x0a, canary.length + 9]), Buffer.from(canary)]);
      const { outcome, all } = await ask(way, form, "proto", broken);
      expect(outcome).toMatchObject({ code: Code.Internal, message: expect.stringContaining("parse binary") });
      expect(all).not.toContain(canary);
    });
  });

  test("a vendor's clients hear the same sentence, without details of ours", async () => {
    const lenient = { jsonOptions: { ignoreUnknownFields: true } };
    const json = Buffer.from(`{"nobody":1,"color":"${canary}","texts":["${canary}",1]}`);
    const { body } = await ask(way, forms[0]!, "json", json, lenient);
    expect(JSON.parse(body.toString())).toEqual({ code: "invalid_argument", message: "texts[1] must be a string" });
  });

  test("the details say the same for programs", async () => {
    const { body } = await ask(way, forms[0]!, "json", Buffer.from('{"text":1}'));
    expect(JSON.parse(body.toString()).details).toMatchObject([
      { debug: { reason: "FIELD_INVALID", domain: "rekey" } },
      { debug: { fieldViolations: [{ field: "text", reason: "VALUE_INVALID", description: "must be a string" }] } },
    ]);
  });
});

async function ask(
  way: (typeof ways)[number],
  form: Form,
  codec: "json" | "proto",
  message: Buffer,
  options: ServeOptions = {},
) {
  const served = serve(Shelf, { whole: (asked) => asked, count: async function* () {} }, options);
  const { url } = await startEdge({ served: [served], fastPath: way === "fast" });
  const session = http2.connect(url);
  onTestFinished(() => session.destroy());
  const stream = session.request({
    ":method": "POST",
    ":path": `/${Shelf.typeName}/${form.method ?? "Whole"}`,
    "content-type": form.type + codec,
    ...form.headers,
  });
  let trailers: IncomingHttpHeaders = {};
  stream.on("trailers", (fields) => (trailers = fields)).end(form.pack(message));
  const [head] = (await once(stream, "response")) as [IncomingHttpHeaders];
  const body = await buffer(stream);
  const fields = { ...head, ...trailers };
  return { body, outcome: form.outcome({ fields, body }), all: withDecoded(JSON.stringify(fields) + body.toString()) };
}

/** With what stands in it in base64, as the details of an error do. */
function withDecoded(answer: string): string {
  const runs = answer.match(/[\w+/-]{16,}/g) ?? [];
  return [answer, ...runs.map((run) => Buffer.from(run, "base64").toString())].join("\n");
}

function ofConnect({ fields, body }: Answer): Outcome {
  return Number(fields[":status"]) === 200 ? {} : errorOf(JSON.parse(body.toString()));
}

function errorOf({ code, message }: { readonly code?: string; readonly message?: string }): Outcome {
  return code === undefined ? {} : { code: codeFromString(code), message };
}

function ofGrpc(fields: IncomingHttpHeaders): Outcome {
  const code = Number(fields["grpc-status"]);
  return code === 0 ? {} : { code, message: decodeURIComponent(String(fields["grpc-message"])) };
}

function framed(message: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.byteLength, 1);
  return Buffer.concat([head, message]);
}

/** The one that tells how the call ended. */
function lastFrame(body: Buffer): string {
  const end = 5 + body.readUInt32BE(1);
  return end < body.byteLength ? lastFrame(body.subarray(end)) : body.subarray(5).toString();
}

function linesOf(text: string): [string, string][] {
  return text
    .trim()
    .split("\r\n")
    .map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1)]);
}
