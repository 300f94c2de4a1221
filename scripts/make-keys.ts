// How does an operator get keys for the codes? Prints new ones, as the configuration holds them.
// npm run make-keys

import { randomBytes } from "node:crypto";

const secret = () => randomBytes(32).toString("base64");
process.stdout.write(`keys:
  names: ${secret()}
  codes:
    # To rotate: put a new key with a new id first, and drop the old one a week later.
    - id: 1
      secret: ${secret()}
`);
