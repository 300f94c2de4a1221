// In which state is a user? Only the active ones can sign in; `initial` is one who was never set up.

export type UserState = "active" | "inactive" | "locked" | "initial";
