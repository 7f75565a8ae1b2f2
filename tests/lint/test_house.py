"""The rules of the house that a machine can check: the arrow, the rooms, the sizes, the top level."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', re.M)
TOP = {"CMakeLists.txt", "CMakePresets.json", "server", "handlers", "deploy", "tests", "bench", "Dockerfile",
       "README.md", "docs", "LICENSE", "NOTICE", "CHANGELOG.md", "CONTRIBUTING.md", "cmake"}


def tracked():
    out = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT,
                         capture_output=True, text=True, check=True).stdout
    return [line for line in out.splitlines() if (ROOT / line).exists()]


def sources(*folders):
    return sorted(p for f in folders for p in (ROOT / f).rglob("*") if p.suffix in (".cpp", ".hpp"))


def folder(path):
    return str(path.parent.relative_to(ROOT))


def includes(path):
    return INCLUDE.findall(path.read_text())


def links():
    """What each room may know, from the table in CMakeLists.txt: all that it links, near or far."""
    near = {}
    for line in (ROOT / "CMakeLists.txt").read_text().splitlines():
        match = re.match(r"ringi_room\((\S+?)(?: ROOMS ([^P)]*?))?(?: PARTS .*)?\)$", line.strip())
        if match:
            near[match[1]] = (match[2] or "").split()
    def far(room):
        found = {room}
        for other in near[room]:
            found |= far(other)
        return found
    return {room: far(room) for room in near}


@pytest.mark.parametrize("path", sources("handlers"), ids=lambda p: str(p.relative_to(ROOT)))
def test_handlers_know_no_server_and_no_network(path):
    forbidden = re.compile(r"^(server/|boost/beast|boost/asio/(?!awaitable\.hpp$)|curl/|openssl/|soci|sqlite3|libpq)")
    assert [i for i in includes(path) if forbidden.match(i)] == []


@pytest.mark.parametrize("path", sources("handlers", "server"), ids=lambda p: str(p.relative_to(ROOT)))
def test_a_room_includes_only_rooms_that_it_links(path):
    room = folder(path)
    if room not in links():
        return  # server/app, server/cli, server/main.cpp: the program sees every room
    used = {i.rpartition("/")[0] for i in includes(path) if i.startswith(("handlers/", "server/"))}
    assert used - links()[room] == set()


def test_every_folder_of_the_two_wings_is_a_room():
    assert {folder(p) for p in sources("handlers", "server")} - set(links()) <= {"server", "server/app", "server/cli"}


@pytest.mark.parametrize("path", sources("handlers", "server"), ids=lambda p: str(p.relative_to(ROOT)))
def test_no_file_is_longer_than_400_lines(path):
    assert len(path.read_text().splitlines()) <= 400


def test_no_room_without_a_name():
    bad = [p for p in tracked() if re.search(r"(^|/)(utils?|helpers?|common|manager|misc)([./_]|$)", p)]
    assert bad == []


def test_the_top_level_stays():
    assert {p.split("/")[0] for p in tracked() if not p.startswith(".")} - TOP == set()


def test_nothing_is_left_open():
    words = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
    left = [p for p in tracked() if not p.startswith("tests/") and not p.endswith(".png")
            and words.search((ROOT / p).read_text(errors="ignore"))]
    assert left == []


def test_headers_are_guarded_by_pragma_once():
    assert [str(p) for p in sources("handlers", "server")
            if p.suffix == ".hpp" and not p.read_text().startswith("#pragma once")] == []


def test_gcc_12_is_refused():
    text = (ROOT / "cmake/compiler.cmake").read_text()
    assert "VERSION_LESS 14" in text and "FATAL_ERROR" in text
