// How does an operator get an API key? Prints a new one, once, and the lines for the configuration.
// npm run make-api-key -- NAME

import { digestApiKey, makeApiKey } from "../src/reset/api-key.ts";

const name = process.argv[2] ?? "";
if (!/^[a-z0-9-]{1,64}$/.test(name)) {
  process.stderr.write('Name the key with 1 to 64 of a-z, 0-9 and "-": npm run make-api-key -- backend\n');
  process.exit(64);
}
const apiKey = makeApiKey(name);
process.stdout.write(`The key, for the one who will call. It is not shown again:

  ${apiKey}

Under realms[].api_keys of the configuration:

  - id: ${name}
    digest: sha256:${digestApiKey(apiKey)}
    permissions: [password.send_link, password.set_with_code]
`);
