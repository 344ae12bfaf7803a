"""Python imports this at its start where the folder is on PYTHONPATH: no process may use a network.

Each try is an error, and a line in the file that WORKPLAN_TEST_NETWORK names.
"""

import os
import sys

_EVENTS = ("socket.connect", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname")


def _refuse(event, args):  # type: ignore[no-untyped-def]
    # Processes of one machine talk through sockets with a name in place of an address.
    if event in _EVENTS and not (event == "socket.connect" and isinstance(args[1], str | bytes)):
        with open(os.environ["WORKPLAN_TEST_NETWORK"], "a") as file:
            file.write(f"{event} {args[1:]}\n")
        raise PermissionError(f"no network here: {event}")


if "WORKPLAN_TEST_NETWORK" in os.environ:
    sys.addaudithook(_refuse)
