// Is the link good? Asked at once; this never uses it up.

import { useEffect } from "preact/hooks";

import type { Failure } from "../failure.ts";
import type { Link } from "../page-address.ts";
import { usePage } from "../page-context.ts";
import { ScreenFrame } from "../parts/screen-frame.tsx";
import type { End, Show } from "../screen.ts";

export function OpeningScreen({ link, show }: { readonly link: Link; readonly show: Show }) {
  const { settings, client } = usePage();

  async function open(): Promise<void> {
    const proof = { kind: "token", token: link.token } as const;
    const result = await client.check(proof);
    if (result.ok) show({ kind: "password", proof, checked: result.answer });
    else show({ kind: "end", end: endOf(result.failure, link) });
  }

  useEffect(() => {
    void open();
  }, []);
  return (
    <ScreenFrame icon="lock" title={settings.texts.shared.working}>
      <p role="status" class="loading">
        <span class="spinner" aria-hidden="true" />
      </p>
    </ScreenFrame>
  );
}

function endOf(failure: Failure, link: Link): End {
  const again = { kind: "opening", link } as const;
  switch (failure.kind) {
    case "fields":
      return { kind: "invalid" };
    case "rateLimited":
    case "offline":
    case "unavailable":
    case "tooManyTries":
      return { ...failure, again };
    case "busy":
    case "botCheck":
    case "password":
      return { kind: "unavailable", again };
    default:
      return failure;
  }
}
