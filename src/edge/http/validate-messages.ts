// Does a message hold to the rules of its proto file? Most do, plainly. For the rest protovalidate is loaded and judges.
//
// Before it judges the first message of a kind it reads its rules as programs of CEL: 50 ms of CPU that a start does not pay.

import type { Interceptor } from "@connectrpc/connect";

import { makePlainlyValid } from "./plainly-valid.ts";

export function validateMessages(): Interceptor {
  const isPlainlyValid = makePlainlyValid();
  let judge: Promise<Interceptor> | undefined;
  const load = async () => (await import("@connectrpc/validate")).createValidateInterceptor();

  return (next) => {
    const judged = async (request: Parameters<typeof next>[0]) => (await (judge ??= load()))(next)(request);
    return (request) =>
      !request.stream && isPlainlyValid(request.method.input, request.message) ? next(request) : judged(request);
  };
}
