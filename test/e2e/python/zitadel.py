"""Does Zitadel's own SDK for Python work with nothing changed but the host? Prints what it heard, call by call.

Takes one argument, JSON: the address, the API key and three passwords. The SDK speaks JSON to the RPC paths.
"""

import json
import sys

import zitadel_client as vendor
from zitadel_client.exceptions import ApiError


def heard(call):
    """The answer, or the status and the id of the error."""
    try:
        return call()
    except ApiError as error:
        body = error.response_body
        body = json.loads(body) if isinstance(body, (str, bytes)) else body
        body = body if isinstance(body, dict) else body.to_dict()
        return f'{error.code} {body["message"]}'


def main():
    given = json.loads(sys.argv[1])
    passwords = given["passwords"]
    users = vendor.Zitadel.with_access_token(given["address"], given["apiKey"]).users

    def add(**changes):
        return users.add_human_user(
            vendor.UserServiceAddHumanUserRequest.from_dict(
                {
                    "profile": {"givenName": "Ann", "familyName": "Example"},
                    "email": {"email": given["email"], "isVerified": True},
                    "password": {"password": passwords["first"]},
                    **changes,
                }
            )
        )

    def found():
        queries = [{"loginNameQuery": {"loginName": given["email"]}}]
        answer = users.list_users(vendor.UserServiceListUsersRequest.from_dict({"queries": queries}))
        return [user.user_id for user in answer.result or []]

    user_id = add().user_id

    def set_password(password, **proof):
        request = {"userId": user_id, "newPassword": {"password": password}, **proof}
        users.set_password(vendor.UserServiceSetPasswordRequest.from_dict(request))
        return "set"

    request = vendor.UserServicePasswordResetRequest.from_dict({"userId": user_id, "returnCode": {}})
    code = users.password_reset(request).verification_code
    shown = users.get_user_by_id(vendor.UserServiceGetUserByIDRequest.from_dict({"userId": user_id})).user
    unknown = vendor.UserServiceGetUserByIDRequest.from_dict({"userId": "nobody"})
    renamed = {"userId": user_id, "username": given["username"]}
    print(
        json.dumps(
            {
                "found": found() == [user_id],
                "name": shown.human.profile.given_name,
                "state": shown.state.value,
                "again": heard(add),
                "unknown": heard(lambda: users.get_user_by_id(unknown)),
                "codeLength": len(code),
                "rightCode": heard(lambda: set_password(passwords["second"], verificationCode=code)),
                "sameCodeAgain": heard(lambda: set_password(passwords["third"], verificationCode=code)),
                "renamed": heard(
                    lambda: users.update_user(vendor.UserServiceUpdateUserRequest.from_dict(renamed)).change_date
                    is not None
                ),
                "foundNoMore": found() == [],
            }
        )
    )


main()
