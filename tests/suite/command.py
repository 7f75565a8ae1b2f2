"""One command with a limit: when that is over, all that it started ends with it."""

import os
import select
import signal
import subprocess
import tempfile
from pathlib import Path

GENTLE = ((signal.SIGINT, 20.0), (signal.SIGTERM, 5.0))  # first pytest stops its servers, bash runs its traps


def run(command, limit, cwd, env, gentle=GENTLE):
    """Returns (exit code, output); 124 for what outlived `limit` seconds, 127 for what is not there."""
    with tempfile.TemporaryFile() as output:  # no pipe: a server that is left over would hold it open
        try:
            child = subprocess.Popen([str(c) for c in command], cwd=cwd, env=env, stdin=subprocess.DEVNULL,
                                     stdout=output, stderr=subprocess.STDOUT, start_new_session=True)
        except OSError as error:
            return 127, f"{error}\n"
        try:
            code, late = child.wait(limit), ""
        except subprocess.TimeoutExpired:
            end(child, gentle)
            code, late = 124, f"\n(stopped after {limit} s)"
        except BaseException:  # Ctrl-C reaches only us
            end(child, gentle)
            raise
        output.seek(0)
        return code, output.read().decode(errors="replace") + late


def end(child, gentle=GENTLE):
    """The whole group of the command, and its children that made a group of their own, as the sandbox's do."""
    family = [handle for pid in descendants(child.pid) if (handle := _handle(pid)) is not None]
    try:
        for number, patience in gentle:
            _tell_group(child, number)
            try:
                child.wait(patience)
                break
            except subprocess.TimeoutExpired:
                continue
        _tell_group(child, signal.SIGKILL)
        for handle in family:
            try:
                signal.pidfd_send_signal(handle, signal.SIGKILL)
                select.select([handle], [], [], 5.0)  # readable once it is gone
            except ProcessLookupError:
                continue
        child.wait()
    finally:
        for handle in family:
            os.close(handle)


def descendants(pid):
    """All processes below this one, from /proc."""
    children = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(path.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue  # it ended meanwhile
        children.setdefault(parent, []).append(int(path.parent.name))
    found, left = [], [pid]
    while left:
        below = children.get(left.pop(), [])
        found, left = found + below, left + below
    return found


def _handle(pid):
    try:
        return os.pidfd_open(pid)
    except OSError:
        return None


def _tell_group(child, number):
    try:
        os.killpg(child.pid, number)
    except ProcessLookupError:
        pass
