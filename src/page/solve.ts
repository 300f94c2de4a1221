// What does a worker do? Its share of the sum, with the browser's own cryptography.

import { deriveKey } from "altcha-lib/algorithms/web/pbkdf2";
import { handler } from "altcha-lib/workers/shared";

handler({ deriveKey });
