// Which sign stands above a screen? Drawn here: nothing is loaded. Signs say nothing that the text does not say.

const paths = {
  key: "M14.5 14a5 5 0 1 0-4.7-3.3L4 16.5V20h3.5v-2.3h2.3v-2.3l1.5-1.5A5 5 0 0 0 14.5 14ZM15.6 8.4h.01",
  message: "M4 6h16v12H4ZM4 7l8 6 8-6",
  lock: "M6 11h12v9H6ZM8.5 11V8a3.5 3.5 0 0 1 7 0v3M12 14.5v2",
  done: "m5 12.5 4.5 4.5L19 7.5",
  shield: "M12 3.5 5 6v5.5c0 4.3 2.9 7.4 7 9 4.1-1.6 7-4.7 7-9V6ZM12 8.5v4M12 15.8h.01",
  clock: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16ZM12 8v4.3l2.8 1.7",
  problem: "M12 4.5 3.5 19h17ZM12 10v4M12 16.6h.01",
  offline:
    "M3 9.5a13 13 0 0 1 4-2.6M21 9.5a13 13 0 0 0-9-3.6M6.5 13a8 8 0 0 1 3-1.8M17.5 13a8 8 0 0 0-2-1.4M12 17.5h.01M4 4l16 16",
  shown:
    "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12ZM12 9.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6Z",
  hidden:
    "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12ZM12 9.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6ZM4.5 4.5l15 15",
  open: "M12 6.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11Z",
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  );
}
