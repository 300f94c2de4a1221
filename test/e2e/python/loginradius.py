"""Does LoginRadius's client for Python get its answers? Makes each call that it is told, and prints what it heard.

Reads one call a line, JSON: address, key, secret, whether requests are signed, and the names of API and call with their
arguments. Prints one line of JSON for each.
"""

import json
import sys

from LoginRadius import LoginRadius


def client_of(call):
    LoginRadius.API_KEY = call["key"]
    LoginRadius.API_SECRET = call["secret"]
    LoginRadius.CUSTOM_DOMAIN = call["address"] + "/"
    LoginRadius.API_REQUEST_SIGNING = call["signed"]
    LoginRadius.LIBRARY = "requests"
    return LoginRadius()


for line in sys.stdin:
    call = json.loads(line)
    api = getattr(client_of(call), call["api"])
    answer = getattr(api, call["name"])(*call["arguments"])
    print(json.dumps(answer), flush=True)
