// What can be called here? Server reflection, with which grpcurl, buf curl and Postman work without a schema.

import type { DescFile, DescService } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import { file_google_rpc_error_details } from "../../../gen/google/rpc/error_details_pb.ts";
import { ServerReflection } from "../../../gen/grpc/reflection/v1/reflection_pb.ts";
import { ServerReflection as ServerReflectionAlpha } from "../../../gen/grpc/reflection/v1alpha/reflection_pb.ts";
import { serve, type Served } from "../http/served.ts";
import { fileBytes, schemaIndex, withDependencies, type SchemaIndex } from "./schema-index.ts";

/** Lists `services` and itself. `details`: what their errors carry besides Google's, for tools to show in clear. Version 1. */
export function reflection(services: readonly DescService[], details: readonly DescFile[] = []): Served {
  const index = schemaIndex([...services, ServerReflection], [file_google_rpc_error_details, ...details]);
  return serve(ServerReflection, { serverReflectionInfo: (requests) => answerEach(requests, index) });
}

/** The same under the name that older tools ask for. */
export function reflectionAlpha(services: readonly DescService[], details: readonly DescFile[] = []): Served {
  const index = schemaIndex([...services, ServerReflectionAlpha], [file_google_rpc_error_details, ...details]);
  return serve(ServerReflectionAlpha, { serverReflectionInfo: (requests) => answerEach(requests, index) });
}

/** What both versions ask; the messages differ only in their package. */
type Question =
  | { case: "fileByFilename" | "fileContainingSymbol" | "allExtensionNumbersOfType" | "listServices"; value: string }
  | { case: "fileContainingExtension"; value: { containingType: string; extensionNumber: number } }
  | { case: undefined; value?: undefined };

type Asked = { readonly host: string; readonly messageRequest: Question };

/** One stream: a file that it already carried is not sent again. */
async function* answerEach<R extends Asked>(requests: AsyncIterable<R>, index: SchemaIndex) {
  const sent = new Set<DescFile>();
  for await (const request of requests) {
    const messageResponse = answer(request.messageRequest);
    yield { validHost: request.host, originalRequest: request, messageResponse };
  }

  function answer(question: Question) {
    switch (question.case) {
      case "listServices":
        return {
          case: "listServicesResponse" as const,
          value: { service: index.serviceNames.map((name) => ({ name })) },
        };
      case "fileByFilename":
        return files(index.byName.get(question.value));
      case "fileContainingSymbol":
        return files(index.bySymbol.get(question.value));
      case "fileContainingExtension": {
        const { containingType, extensionNumber } = question.value;
        return files(index.byExtension.get(containingType)?.get(extensionNumber));
      }
      case "allExtensionNumbersOfType": {
        if (!index.messageNames.has(question.value)) return notFound();
        const extensionNumber = [...(index.byExtension.get(question.value)?.keys() ?? [])];
        const value = { baseTypeName: question.value, extensionNumber };
        return { case: "allExtensionNumbersResponse" as const, value };
      }
      default:
        return failure(Code.InvalidArgument, "the request asks for nothing");
    }
  }

  /** The file asked for always, and of what it needs only what is new to the stream. */
  function files(file: DescFile | undefined) {
    if (file === undefined) return notFound();
    const fresh = withDependencies(file).filter((needed) => needed === file || !sent.has(needed));
    for (const needed of fresh) sent.add(needed);
    return { case: "fileDescriptorResponse" as const, value: { fileDescriptorProto: fresh.map(fileBytes) } };
  }
}

/** A message of the stream, not its end. Spec: grpc/reflection/v1/reflection.proto, ErrorResponse. */
function failure(errorCode: Code, errorMessage: string) {
  return { case: "errorResponse" as const, value: { errorCode, errorMessage } };
}

function notFound() {
  return failure(Code.NotFound, "nothing of this name is served here");
}
