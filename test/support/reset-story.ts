// What does a user live through, whatever the client? A wrong code, the right one, the same again, the old password.

/** Each satisfies the policies of both dialects. */
export const passwords = {
  first: "Oysters-7-lamps",
  second: "Marble-4-kites",
  third: "Copper-9-foxes",
} as const;

/** What shows that the change is wanted, with the field's JSON name. */
export type Proof = { readonly verificationCode: string } | { readonly currentPassword: string };

/** How one client calls. */
export type ResetClient = {
  /** A new code for the user, returned. */
  requestCode(): Promise<string>;
  /** Answers "set", or the stable word of the refusal. */
  setPassword(password: string, proof: Proof): Promise<string>;
};

export type Story = {
  readonly wrongCode: string;
  readonly rightCode: string;
  readonly sameCodeAgain: string;
  readonly oldPassword: string;
  readonly newPassword: string;
};

/** For a user whose password is the first of `passwords`. */
export async function liveThrough(client: ResetClient): Promise<Story> {
  const code = await client.requestCode();
  return {
    wrongCode: await client.setPassword(passwords.second, { verificationCode: otherThan(code) }),
    rightCode: await client.setPassword(passwords.second, { verificationCode: code }),
    sameCodeAgain: await client.setPassword(passwords.third, { verificationCode: code }),
    oldPassword: await client.setPassword(passwords.third, { currentPassword: passwords.first }),
    newPassword: await client.setPassword(passwords.third, { currentPassword: passwords.second }),
  };
}

export const nativeStory: Story = {
  wrongCode: "CODE_INVALID",
  rightCode: "set",
  sameCodeAgain: "CODE_USED",
  oldPassword: "PASSWORD_INCORRECT",
  newPassword: "set",
};

/** Vendor: Zitadel v2, the ids of its errors. */
export const zitadelStory: Story = {
  wrongCode: "CODE-woT0xc",
  rightCode: "set",
  sameCodeAgain: "COMMAND-2M9fs",
  oldPassword: "COMMAND-3M0fs",
  newPassword: "set",
};

export function otherThan(code: string): string {
  return (code.startsWith("A") ? "B" : "A") + code.slice(1);
}
