"""A client in Python, by its standard library: it registers two users, sends a message, repeats the call safely, and reads the log.

    python3 client.py http://127.0.0.1:8000
"""

import json
import sys
import urllib.request
import uuid

BASE = sys.argv[1].rstrip("/") + "/api/v1"


def call(method, path, token=None, body=None):
    """Calls the API and returns the answer. Raises urllib.error.HTTPError, whose body is a problem with a code."""
    headers = {"content-type": "application/json"}
    if token:
        headers["authorization"] = "Bearer " + token
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(BASE + path, data, headers, method=method)
    with urllib.request.urlopen(request, timeout=15) as answer:
        return json.loads(answer.read() or b"null")


def register(name):
    email = uuid.uuid4().hex + "@example.com"
    return call("POST", "/auth/register", body={"name": name, "email": email, "password": "four words in line"})


anna, boris = register("Anna"), register("Boris")
message = {"client_message_id": str(uuid.uuid4()), "text": "Hello, Boris"}
path = "/users/" + boris["user"]["id"] + "/messages"
sent = call("POST", path, anna["access_token"], message)
# The same key again, after a timeout for example: the same message.
again = call("POST", path, anna["access_token"], message)
print(sent["id"] == again["id"])

after = 0
while True:
    page = call("GET", "/chats/%s/events?after=%d" % (sent["chat_id"], after), boris["access_token"])
    for event in page["items"]:
        after = event["seq"]
        print(event["seq"], event["type"])
    if not page["items"]:
        break
