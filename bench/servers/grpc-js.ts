// What does gRPC's own server for Node cost? One handler of @grpc/grpc-js that runs the script, and nothing besides.

import { callbackify } from "node:util";

import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { Server, status, ServerCredentials, type ServerUnaryCall, type sendUnaryData } from "@grpc/grpc-js";

import {
  type PasswordResetRequest,
  PasswordResetRequestSchema,
  type PasswordResetResponse,
  PasswordResetResponseSchema,
  PasswordService,
} from "../../gen/rekey/v1/password_service_pb.ts";
import { listening } from "./announce.ts";
import { openIssueCode } from "./issue-code.ts";

const issueCode = await openIssueCode(process.env["BENCH_REDIS_URL"] ?? "");

const method = {
  path: `/${PasswordService.typeName}/PasswordReset`,
  requestStream: false,
  responseStream: false,
  requestSerialize: () => Buffer.of(),
  requestDeserialize: (bytes: Buffer) => fromBinary(PasswordResetRequestSchema, bytes),
  responseSerialize: (message: PasswordResetResponse) => Buffer.from(toBinary(PasswordResetResponseSchema, message)),
  responseDeserialize: (bytes: Buffer) => fromBinary(PasswordResetResponseSchema, bytes),
} as const;

async function answer({ userId }: PasswordResetRequest): Promise<PasswordResetResponse> {
  const { secret, expiresAt, sequence } = await issueCode(userId);
  const changeDate = timestampFromMs(Date.now());
  return create(PasswordResetResponseSchema, {
    verificationCode: secret,
    expirationDate: timestampFromMs(expiresAt),
    details: { sequence: BigInt(sequence), changeDate, resourceOwner: "bench", creationDate: changeDate },
  });
}

const answerBack = callbackify(answer);
const server = new Server();
server.addService(
  { passwordReset: method },
  {
    passwordReset: (
      { request }: ServerUnaryCall<PasswordResetRequest, PasswordResetResponse>,
      done: sendUnaryData<PasswordResetResponse>,
    ) => answerBack(request, (cause, message) => done(cause && { code: status.INTERNAL }, message)),
  },
);
server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (_, port) => listening(port));
