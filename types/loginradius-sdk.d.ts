// What of LoginRadius's client for Node do the tests call? It brings no types of its own.

declare module "loginradius-sdk" {
  type Answer = Promise<Record<string, unknown>>;
  type Call = (...values: unknown[]) => Answer;

  export default function open(config: {
    apiDomain: string;
    apiKey: string;
    apiSecret: string;
    serverRegion?: string;
    originIp?: string;
  }): {
    authenticationApi: Record<
      | "forgotPassword"
      | "resetPasswordByResetToken"
      | "resetPasswordByEmailOTP"
      | "resetPasswordByOTPAndUserName"
      | "resetPasswordBySecurityAnswerAndEmail"
      | "changePassword",
      Call
    >;
    phoneAuthenticationApi: Record<"forgotPasswordByPhoneOTP" | "resetPasswordByPhoneOTP", Call>;
    accountApi: Record<
      "getForgotPasswordToken" | "multipurposeEmailTokenGeneration" | "multipurposeSMSOTPGeneration",
      Call
    >;
  };
}
