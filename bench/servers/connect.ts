// What does connect-node itself cost? One handler that runs the script: no gate, no limits of its own, no validation.

import http2 from "node:http2";

import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { connectNodeAdapter } from "@connectrpc/connect-node";

import { PasswordService } from "../../gen/rekey/v1/password_service_pb.ts";
import { announce } from "./announce.ts";
import { openIssueCode } from "./issue-code.ts";

const issueCode = await openIssueCode(process.env["BENCH_REDIS_URL"] ?? "");

const onRequest = connectNodeAdapter({
  routes: (router) =>
    router.service(PasswordService, {
      async passwordReset({ userId }) {
        const { secret, expiresAt, sequence } = await issueCode(userId);
        const changeDate = timestampFromMs(Date.now());
        return {
          verificationCode: secret,
          expirationDate: timestampFromMs(expiresAt),
          details: { sequence: BigInt(sequence), changeDate, resourceOwner: "bench", creationDate: changeDate },
        };
      },
    }),
});
announce(http2.createServer(onRequest));
