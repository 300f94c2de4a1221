// Does every outbox keep its promise?

import { outboxPlaces } from "../support/open-outbox-homes.ts";
import { outboxContract } from "./outbox.contract.ts";

for (const [name, openPlace] of Object.entries(outboxPlaces)) outboxContract(name, openPlace);
