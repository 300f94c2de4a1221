// What does a newcomer see first? Where the service is, who the demo user is, and calls to paste.

import type { DemoFacts } from "./demo-facts.ts";

export function banner(facts: DemoFacts, dataDir: string): string {
  const { address, user_id: user, api_key: key, password } = facts;
  const authority = new URL(address).host;
  const tools = address.startsWith("https:") ? "" : " -plaintext";
  const h2c = address.startsWith("https:") ? "" : " --http2-prior-knowledge";
  return `
Rekey is up at ${address} (demo: one user, one key, generous limits, messages are captured, not sent)

  user      ${user}, signs in as ${facts.login_name}, ${facts.email}
  password  ${password}   (as first set)
  API key   ${key}
  data      ${dataDir}   (all of this as JSON: demo.json)

As a person who forgot their password: open ${address}/recover, and read the message at ${address}/dev/inbox

1. Ask for a code, over REST

curl -s ${address}/v1/users/${user}/password_reset \\
  -H 'Authorization: Bearer ${key}' \\
  -H 'Content-Type: application/json' -d '{"returnCode":{}}'

2. Set a password with it: put the code in the place of CODE

curl -s ${address}/v1/users/${user}/password \\
  -H 'Authorization: Bearer ${key}' \\
  -H 'Content-Type: application/json' \\
  -d '{"newPassword":{"password":"correct horse battery"},"verificationCode":"CODE"}'

3. See that the old password is dead: this fails with PASSWORD_INCORRECT

curl -s ${address}/v1/users/${user}/password \\
  -H 'Authorization: Bearer ${key}' \\
  -H 'Content-Type: application/json' \\
  -d '{"newPassword":{"password":"another horse battery"},"currentPassword":"${password}"}'

The same call in other dialects

Connect JSON:
curl -s ${address}/rekey.v1.PasswordService/PasswordReset \\
  -H 'Authorization: Bearer ${key}' \\
  -H 'Content-Type: application/json' -d '{"userId":"${user}","returnCode":{}}'

gRPC, with buf (npx buf curl …):
buf curl${h2c} --protocol grpc -H 'Authorization: Bearer ${key}' \\
  -d '{"userId":"${user}","returnCode":{}}' ${address}/rekey.v1.PasswordService/PasswordReset

gRPC-Web, with buf:
buf curl --protocol grpcweb -H 'Authorization: Bearer ${key}' \\
  -d '{"userId":"${user}","returnCode":{}}' ${address}/rekey.v1.PasswordService/PasswordReset

gRPC, with grpcurl:
grpcurl${tools} -H 'Authorization: Bearer ${key}' \\
  -d '{"user_id":"${user}","return_code":{}}' ${authority} rekey.v1.PasswordService/PasswordReset

As Zitadel's API:
curl -s ${address}/v2/users/${user}/password_reset \\
  -H 'Authorization: Bearer ${key}' \\
  -H 'Content-Type: application/json' -d '{"returnCode":{}}'

Send a link instead, and see the mail that would have gone out at ${address}/dev/inbox, or as JSON:
curl -s ${address}/v1/users/${user}/password_reset \\
  -H 'Authorization: Bearer ${key}' -H 'Content-Type: application/json' -d '{"sendLink":{}}'
curl -s ${address}/v1/dev/messages -H 'Authorization: Bearer ${key}'

Stop with Ctrl-C. The data stays; start again and go on.
`;
}
