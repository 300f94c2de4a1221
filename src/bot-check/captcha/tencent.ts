// How does Tencent's CAPTCHA, QQ's, say that a riddle was solved? By its ticket check, the older of its two protocols.

import { z } from "zod";

import { type CaptchaProtocol, notItsProtocol } from "./captcha-protocol.ts";

/** Everything is text: "1" for solved, "0" for not, "100" for parameters that do not belong together. */
const schema = z.object({ response: z.string().regex(/^\d{1,4}$/), err_msg: z.string().optional() });

/** Vendor: its classic ticket API. The secret in the query is how it is; only the provider sees it, under TLS. */
export const tencent: CaptchaProtocol = {
  verifyUrl: "https://ssl.captcha.qq.com/ticket/verify",
  request: ({ response, randomText, address }, { siteKey, secret }) => ({
    method: "GET",
    fields: { aid: siteKey, AppSecretKey: secret, Ticket: response, Randstr: randomText, UserIP: address },
  }),
  read(json) {
    const read = schema.safeParse(json);
    if (!read.success) return notItsProtocol;
    const { response } = read.data;
    // A ticket of somebody else's application is answered like a wrong secret of ours: it may not count as trouble.
    return response === "1" ? { kind: "passed" } : { kind: "refused", problem: `it said ${response}` };
  },
};
