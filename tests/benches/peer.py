"""Creates participant groups with Python's `requests`, as one would write it: `peer.py URL one-by-one|large|outcome [N]`."""

import resource
import sys
import time

import requests


def create(url, ids):
    group = {
        "name": "Group 1",
        "workspace_id": "5e9b9c9b0f9c9a0001b1ca2f",
        "description": "My first participant group",
        "participant_ids": ids,
    }
    headers = {"Authorization": "Token example-token"}
    response = session.post(f"{url}/api/v1/participant-groups/", json=group, headers=headers, timeout=30)
    response.raise_for_status()
    return response.json()


def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


session = requests.Session()
url, mode, number = sys.argv[1], sys.argv[2], int(sys.argv[3])
few = ["5e9b9c9b0f9c9a0001b0b1f4", "5e9b9c9b0f9c9a0001b0b1f5", "5e9b9c9b0f9c9a0001b0b1f6"]
if mode == "one-by-one":
    create(url, few)
    begun = time.monotonic()
    for _ in range(number):
        create(url, few)
    print(f"{time.monotonic() - begun:.3f}")
elif mode == "large":
    ids = [f"{n:024x}" for n in range(number)]
    print("before", peak())
    create(url, ids)
    print("after", peak())
else:
    try:
        print("Ok", create(url, few))
    except Exception as error:
        print(f"{type(error).__name__}: {error}")
