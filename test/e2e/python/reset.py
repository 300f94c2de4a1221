"""Does gRPC's client for Python get through a reset? Lives through the story it is given, and prints what it heard.

Takes one argument, JSON: the file of descriptors, the address, the API key, the user and three passwords. Messages are
made from the descriptors, so that nothing has to be generated.
"""

import json
import sys

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory
from google.rpc import error_details_pb2
from grpc_status import rpc_status

SERVICE = "rekey.v1.PasswordService"
TIMEOUT_S = 30


def pool_of(path):
    files = descriptor_pb2.FileDescriptorSet()
    with open(path, "rb") as stream:
        files.ParseFromString(stream.read())
    pool = descriptor_pool.DescriptorPool()
    for file in files.file:
        pool.Add(file)
    return pool


def caller_of(channel, service, api_key):
    """A function that calls a method by its name, with JSON in and a message out."""

    def call(name, request):
        method = service.methods_by_name[name]
        request_class = message_factory.GetMessageClass(method.input_type)
        response_class = message_factory.GetMessageClass(method.output_type)
        invoke = channel.unary_unary(
            f"/{service.full_name}/{name}",
            request_serializer=request_class.SerializeToString,
            response_deserializer=response_class.FromString,
        )
        message = json_format.ParseDict(request, request_class())
        return invoke(message, timeout=TIMEOUT_S, metadata=[("authorization", f"Bearer {api_key}")])

    return call


def reason_of(error):
    """The stable reason in the details of an error; `from_call` also compares them with the status."""
    info = error_details_pb2.ErrorInfo()
    for detail in rpc_status.from_call(error).details:
        if detail.Unpack(info):
            return info.reason
    raise error


def main():
    given = json.loads(sys.argv[1])
    user_id, passwords = given["userId"], given["passwords"]
    with grpc.insecure_channel(given["host"]) as channel:
        call = caller_of(channel, pool_of(given["descriptors"]).FindServiceByName(SERVICE), given["apiKey"])

        def set_password(password, **proof):
            try:
                call("SetPassword", {"userId": user_id, "newPassword": {"password": password}, **proof})
            except grpc.RpcError as error:
                return reason_of(error)
            return "set"

        code = call("PasswordReset", {"userId": user_id, "returnCode": {}}).verification_code
        wrong = ("B" if code.startswith("A") else "A") + code[1:]
        story = {
            "wrongCode": set_password(passwords["second"], verificationCode=wrong),
            "rightCode": set_password(passwords["second"], verificationCode=code),
            "sameCodeAgain": set_password(passwords["third"], verificationCode=code),
            "oldPassword": set_password(passwords["third"], currentPassword=passwords["first"]),
            "newPassword": set_password(passwords["third"], currentPassword=passwords["second"]),
        }
    print(json.dumps(story))


main()
