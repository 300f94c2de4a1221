// Does every store of codes keep its promise?

import { openCodeStore } from "../../src/codes/open-code-store.ts";
import { homes } from "../support/open-homes.ts";
import { codeStoreContract } from "./code-store.contract.ts";

for (const [name, openHome] of Object.entries(homes)) {
  codeStoreContract(name, async () => {
    const opened = await openHome();
    return {
      store: await openCodeStore(opened.home),
      reopen: async () => openCodeStore(await opened.restart()),
      close: () => opened.close(),
    };
  });
}
