// How does a test get a service with HTTP rules of its own making, also rules that no proto compiler would be shown?

import { create, createFileRegistry, setExtension, type DescService, type MessageInitShape } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema, MethodOptionsSchema } from "@bufbuild/protobuf/wkt";
import { http } from "../../gen/google/api/annotations_pb.ts";
import { HttpRuleSchema } from "../../gen/google/api/http_pb.ts";
import { serve, type Served } from "../../src/edge/http/served.ts";
import { file_rest_cases } from "../fixtures/gen/rest_cases_pb.ts";

export type Rule = MessageInitShape<typeof HttpRuleSchema>;

/** A service `made.Made` with methods M0, M1, …; each takes and gives a rekey.test.rest.Everything. */
export function serviceWithRules(...rules: readonly Rule[]): DescService {
  const method = rules.map((rule, index) => {
    const options = create(MethodOptionsSchema);
    setExtension(options, http, create(HttpRuleSchema, rule));
    const type = ".rekey.test.rest.Everything";
    return { name: `M${index}`, inputType: type, outputType: type, options };
  });
  const file = create(FileDescriptorProtoSchema, {
    name: "made.proto",
    package: "made",
    syntax: "proto3",
    dependency: ["rest_cases.proto"],
    service: [{ name: "Made", method }],
  });
  return createFileRegistry(file, () => file_rest_cases).getService("made.Made")!;
}

/** The same, served without an implementation: enough for a table of routes. */
export function servedWithRules(...rules: readonly Rule[]): Served {
  return serve(serviceWithRules(...rules), {});
}

/** A rule without a body, from "GET /path". */
export function rule(line: string, more: Rule = {}): Rule {
  const [kind = "", path = ""] = line.split(" ");
  const known = ["get", "put", "post", "delete", "patch"] as const;
  const name = known.find((one) => one.toUpperCase() === kind);
  const pattern = name === undefined ? { case: "custom", value: { kind, path } } : { case: name, value: path };
  return { ...more, pattern } as Rule;
}
