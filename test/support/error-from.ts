// What did a call over the wire fail with? Its code and its stable reason; fails when the call went well.

import { type Code, ConnectError } from "@connectrpc/connect";
import { expect } from "vitest";

import { ErrorInfoSchema } from "../../gen/google/rpc/error_details_pb.ts";

export async function errorFrom(call: Promise<unknown>): Promise<{ code: Code; reason: string | undefined }> {
  const cause = await call.then(
    () => expect.fail("the call should fail"),
    (cause: unknown) => cause,
  );
  if (!(cause instanceof ConnectError)) throw cause;
  return { code: cause.code, reason: cause.findDetails(ErrorInfoSchema)[0]?.reason };
}
