// What is the floor? Node's own HTTP/2 server and the script, with nothing in between, and always the same reply.

import http2, { type ServerHttp2Stream } from "node:http2";

import { create, toBinary } from "@bufbuild/protobuf";

import { PasswordResetResponseSchema } from "../../gen/rekey/v1/password_service_pb.ts";
import { grpcFrame } from "../grpc-frame.ts";
import { announce } from "./announce.ts";
import { openIssueCode } from "./issue-code.ts";

const issueCode = await openIssueCode(process.env["BENCH_REDIS_URL"] ?? "");

/** As long as the product's. */
const reply = grpcFrame(
  toBinary(
    PasswordResetResponseSchema,
    create(PasswordResetResponseSchema, {
      verificationCode: "ABCDEFGH",
      expirationDate: { seconds: 1n << 30n, nanos: 123_000_000 },
      details: {
        sequence: 1n << 40n,
        changeDate: { seconds: 1n << 30n, nanos: 123_000_000 },
        resourceOwner: "bench",
        creationDate: { seconds: 1n << 30n, nanos: 123_000_000 },
      },
    }),
  ),
);

/** The user id is the first field: behind the frame's five bytes, its tag and its length. */
function userIdOf(frame: Buffer): string {
  return frame.toString("utf8", 7, 7 + (frame[6] ?? 0));
}

async function answer(stream: ServerHttp2Stream, frame: Buffer): Promise<void> {
  await issueCode(userIdOf(frame));
  stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
  stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
  stream.end(reply);
}

const server = http2.createServer();
server.on("stream", (stream) => {
  let body: Buffer | undefined;
  // A client that gives up is an error on its stream, and one without a listener ends the process.
  stream.on("error", (error) => console.error(error.message));
  stream.on("data", (chunk: Buffer) => (body = body === undefined ? chunk : Buffer.concat([body, chunk])));
  stream.on("end", () => {
    answer(stream, body ?? Buffer.of()).catch(() => stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR));
  });
});
announce(server);
