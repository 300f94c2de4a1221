// Which keys does the whole world know? Every key that the documentation prints; none of them is ever accepted.
//
// Guard: ASVS 5.0 13.3.4. A test reads the documentation and fails when it prints a key that is not listed here.

/** Base64 of every secret key in the documentation: SHA-256 of "rekey example key, printed in its documentation: …". */
export const exampleKeys: ReadonlySet<string> = new Set([
  "zTTon3KU13KmjXGL75AY4rjS93VOl4IalYIGAjmZZew=",
  "duS13xSxzb/EZOJr4m4ufEbXtrUvcUlZQazrSWvtmyQ=",
  "LPItUWKhAOGRxrlO9UqD80wuDJxNus70PVKR1xMflIU=",
]);

/** SHA-256, base64url, of every API key in the documentation. */
export const exampleDigests: ReadonlySet<string> = new Set([
  "I0DOWsRD2K6UqTheq4XMC_nPLi4Zie7GWxIamul2w8c",
  "KAuPLekx87g23ebXm4Fl7SEE3L0ofe9zsVUSLgxycss",
]);
