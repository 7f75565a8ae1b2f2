"""deploy/demo: the stack for people to try, or with --play the story that plays itself."""

import argparse
import fcntl
import signal
import socket
import sys
import tempfile
import threading
import zlib
from pathlib import Path

from .stack import ROOT, Stack, free_port, post
from .story import Story, StoryError

# The same from run to run, so that a page left open finds its demo again.
USUAL_PORTS = {"public_port": 8443, "admin_port": 9443, "slack_port": 8090, "aws_port": 8091}

REFRESH = "10s"  # how long a new AWS account may take to be there

GUIDE = """\

  Open  {page}

  1. As Taro, a developer, type  /deploy start web-prod/web  and press Start.
  2. When the card waits, try Approve: four eyes refuse you. Change "Act as" to Hanako and approve.
  3. In another terminal:  deploy/demo --new-account shop  . Within {refresh} #ringi-ops knows it, and
     /deploy start shop/shop  works.
  4. Type  /ringi audit  to read who did what. Everything is in {directory}; Ctrl-C ends it.
"""


def is_free(port):
    with socket.socket() as s:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            s.bind(("127.0.0.1", port))
            return True
        except OSError:
            return False


def ports():
    return {name: port if is_free(port) else free_port() for name, port in USUAL_PORTS.items()}


def start_clean(directory):
    """The sandbox remembers nothing of the last run, so ringi must not either: its keys stay, its store goes."""
    directory.mkdir(parents=True, exist_ok=True)
    with open(directory / "ringi.db.lock", "a") as lock:  # ringi's own: never the store of one that runs
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise RuntimeError(f"another demo runs in {shown(directory)}; stop it, or give --directory") from error
        for name in ("ringi.db", "ringi.db-wal", "ringi.db-shm"):
            (directory / name).unlink(missing_ok=True)


def run(directory):
    """Until Ctrl-C, or until one of the two processes ends by itself."""
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    start_clean(directory)
    stack = Stack(directory, ports=ports(), refresh=REFRESH)
    (directory / "aws-url").write_text(stack.aws)
    try:
        stack.start()
        print(GUIDE.format(page=stack.slack + "/", directory=shown(directory), refresh=REFRESH), flush=True)
        while not ended.wait(0.5):
            for name, process in (("ringi", stack.ringi), ("the sandbox", stack.sandbox)):
                if process.poll() is not None:
                    print(f"{name} ended by itself; its log is in {shown(directory)}", file=sys.stderr)
                    return 1
        print("\nStopping.", flush=True)
        return 0
    finally:
        stack.stop()


def new_account(directory, name):
    """Somebody creates an account in AWS Organizations: tags say whose it is, a StackSet has put the role into it."""
    number = str(zlib.crc32(name.encode()) + 10**11)
    post((directory / "aws-url").read_text() + "/control/account", {
        "id": number, "name": name, "tags": {"Team": "web", "Environment": "staging"}, "realm": "nonproduction",
        "pipelines": [name]})
    print(f"Account {name} ({number}) is in the organization, with a pipeline {name}. Watch #ringi-ops.")
    return 0


def play():
    with tempfile.TemporaryDirectory(prefix="ringi-demo-") as directory:
        stack = Stack(directory, refresh=REFRESH)
        try:
            stack.start()
            Story(stack).play()
            return 0
        except StoryError as error:
            print(f"\nThe story stopped here.\n{error}\n\nringi's log ends with:\n{stack.log_tail(15)}", file=sys.stderr)
            return 1
        finally:
            stack.stop()


def shown(path):
    path = Path(path)
    return path.relative_to(ROOT) if path.is_relative_to(ROOT) else path


def main():
    parser = argparse.ArgumentParser(prog="deploy/demo", description="ringi beside a small Slack and a small AWS")
    parser.add_argument("--play", action="store_true", help="play the story without a browser, and check it")
    parser.add_argument("--new-account", metavar="NAME", help="create an AWS account in the demo that runs")
    parser.add_argument("--directory", default=ROOT / "var/demo", help="keys, logs and the store, which is new at each start")
    given = parser.parse_args()
    try:
        if given.new_account:
            return new_account(Path(given.directory), given.new_account)
        return play() if given.play else run(Path(given.directory))
    except OSError as error:
        print(f"No demo runs there: {error}", file=sys.stderr)
        return 1
    except (RuntimeError, TimeoutError) as error:
        print(f"The demo did not start: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
