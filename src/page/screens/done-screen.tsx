// What is there to do when the new password is set? To go on to where the person came from; nobody is signed in here.

import { usePage } from "../page-context.ts";
import { ScreenFrame } from "../parts/screen-frame.tsx";
import type { CompletedRecovery } from "../recovery-client.ts";
import { returnAddress } from "../return-address.ts";

export function DoneScreen({ completed }: { readonly completed: CompletedRecovery }) {
  const { done } = usePage().settings.texts;
  const address = returnAddress(completed.returnUrl, completed.state);
  return (
    <ScreenFrame icon="done" tone="good" title={done.title}>
      <p>{done.text}</p>
      {completed.sessionsEnded ? <p>{done.sessionsEnded}</p> : null}
      {address === undefined ? (
        <p>{done.close}</p>
      ) : (
        <p>
          <a class="button" href={address} rel="noreferrer">
            {done.goOn}
          </a>
        </p>
      )}
    </ScreenFrame>
  );
}
