// What does an error of the vendor look like on the wire? One document with a number that clients branch on.

import { PlainRefusal, type PlainAnswer } from "../http/plain-call.ts";

type Words = { readonly status: number; readonly message: string; readonly description: string };

const parameter = "A parameter is not formatted correctly";
const password = "The password is not accepted";
const otp = "The one-time password is not accepted";
const token = "The reset token is not accepted";

/** Vendor: LoginRadius, published table of codes with their HTTP statuses. */
export const vendorErrors = {
  429: words(429, "Too many requests", "The limit of requests is reached: try again after the time in Retry-After."),
  901: words(
    403,
    "The API key is unauthorized",
    "The provided LoginRadius API key is invalid or is not authorized, please use a valid or authorized LoginRadius " +
      "API key or check the API key for your LoginRadius account.",
  ),
  902: words(
    401,
    "The API secret is unauthorized",
    "The provided LoginRadius API secret is invalid or is not authorized, please use a valid or authorized LoginRadius " +
      "API secret or check the API secret for your LoginRadius account.",
  ),
  905: words(403, "The access token is invalid", "The access token is not one of this service."),
  908: words(400, parameter, "A required parameter is missing."),
  938: words(
    403,
    "User does not exist",
    "The user does not exist, please use a valid user in order to process this request.",
  ),
  942: words(403, "The site does not exist", "There is no such site."),
  950: words(500, "Unknown error", "Something went wrong, please try again later."),
  958: words(400, "The POST body is invalid", "The body has to be one JSON object."),
  967: words(401, "The current password is incorrect", "The current password does not match."),
  970: words(403, "The account is not set up", "The account has to be verified before its password can be reset."),
  971: words(400, "The request is invalid", "The service has no such call."),
  974: words(403, token, "The token was used already, please ask for a new one."),
  975: words(403, token, "The token has expired, please ask for a new one."),
  979: words(403, token, "The token has expired or was replaced by a newer one."),
  990: words(403, "The email is not valid", "The email is not formatted correctly."),
  1015: words(403, password, "The new password cannot be used, please choose another one."),
  1039: words(403, "The profile has no email", "The profile has no verified email that a message could go to."),
  1043: words(403, "The phone number does not exist", "No profile has this phone number."),
  1060: words(400, "The access token is missing", "The call needs an access token."),
  1063: words(403, token, "The token is invalid, please ask for a new one."),
  1067: words(403, otp, "The one-time password is wrong."),
  1068: words(403, otp, "The one-time password was used already, please ask for a new one."),
  1069: words(403, otp, "The one-time password has expired, please ask for a new one."),
  1070: words(403, otp, "The one-time password has expired or was used, please ask for a new one."),
  1071: words(403, "SMS is not configured", "No SMS provider is configured for this site."),
  1079: words(400, "The PUT body is invalid", "The body has to be one JSON object."),
  1083: words(400, "The content type is invalid", "The content type has to be application/json."),
  1090: words(400, "The payload is invalid", "The payload could not be read."),
  1095: words(403, "Security questions are disabled", "Security questions are not enabled for this site."),
  1096: words(400, "The phone number is not valid", "The phone number needs + and the country code."),
  1122: words(403, "The email limit is reached", "Too many emails were asked for, please try again later."),
  1123: words(403, "The SMS limit is reached", "Too many text messages were asked for, please try again later."),
  1134: words(403, "Validation failed", "One or more fields are not valid."),
  1143: words(403, "The API secret lacks permission", "The API secret does not permit this call."),
  1178: words(403, "The token limit is reached", "Too many tokens were asked for, please try again later."),
  1179: words(403, "The OTP limit is reached", "Too many one-time passwords were asked for, please try again later."),
  1181: words(403, "The token type is invalid", "There is no token of this type."),
  1185: words(403, otp, "The one-time password is wrong."),
  1186: words(403, otp, "The one-time password was used already, please ask for a new one."),
  1187: words(403, otp, "The one-time password has expired, please ask for a new one."),
  1198: words(403, "The account is locked", "There were too many wrong attempts, please try again later."),
  1207: words(400, "The signature is missing", "The header digest is missing."),
  1208: words(403, "The signature is invalid", "The header digest does not match the request."),
  1209: words(400, "Neither signature nor secret", "The call needs a signature or the API secret."),
  1210: words(400, "The expiry is missing", "The header X-Request-Expires is missing."),
  1211: words(400, "The expiry is invalid", "The header X-Request-Expires could not be read."),
  1212: words(403, "The expiry is not acceptable", "The request has expired, or expires too late."),
  1216: words(403, password, "The password is too weak, please choose another one."),
  1218: words(403, "The CAPTCHA is invalid", "The answer to the CAPTCHA is missing or was refused."),
  1249: words(403, "The URL is not whitelisted", "The resetpasswordurl is not among the site URLs."),
  1315: words(403, password, "The password is known from breaches, please choose another one."),
  1409: words(401, "Authentication failed", "The credentials provided could not be authenticated."),
} as const satisfies Readonly<Record<number, Words>>;

export type VendorCode = keyof typeof vendorErrors;

type More = {
  readonly status?: number;
  readonly description?: string;
  /** For 1134 only. */
  readonly errors?: readonly { readonly FieldName: string; readonly ErrorMessage: string }[];
};

export const vendorJson = { "content-type": "application/json; charset=utf-8" };

/** Five members, in the vendor's order. 1409 comes in both casings: most clients look for one of them only. */
export function vendorError(code: VendorCode, more: More = {}): PlainAnswer {
  const { status, message, description: usual } = vendorErrors[code];
  const description = more.description ?? usual;
  const document = {
    Description: description,
    ErrorCode: code,
    Message: message,
    IsProviderError: false,
    ProviderErrorResponse: null,
    ...(more.errors && { Errors: more.errors }),
    ...(code === 1409 && { errorCode: code, message, description }),
  };
  return { status: more.status ?? status, headers: vendorJson, body: JSON.stringify(document) };
}

export function refused(code: VendorCode, more: More = {}): PlainRefusal {
  const isUnknown = code === 901 || code === 902 || code === 1208 || code === 1409;
  return new PlainRefusal(vendorError(code, more), isUnknown ? "unauthenticated" : "field_invalid");
}

/** Vendor: LoginRadius, 908 names what is missing. */
export function missing(name: string): PlainRefusal {
  return refused(908, { description: `The ${name} is a required parameter.` });
}

function words(status: number, message: string, description: string): Words {
  return { status, message, description };
}
