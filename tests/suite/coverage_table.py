"""Prints what llvm-cov exported as one line a room: coverage_table.py SUMMARY.json"""

import json
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def rooms(summary):
    """{room: (lines, covered lines)}"""
    found = defaultdict(lambda: [0, 0])
    for file in summary["data"][0]["files"]:
        room = "/".join(Path(file["filename"]).relative_to(ROOT).parts[:2])
        found[room][0] += file["summary"]["lines"]["count"]
        found[room][1] += file["summary"]["lines"]["covered"]
    return found


def main():
    found = rooms(json.loads(Path(sys.argv[1]).read_text()))
    least_first = sorted(found.items(), key=lambda item: item[1][1] / (item[1][0] or 1))
    everything = [sum(counts) for counts in zip(*found.values())]
    for room, (lines, covered) in [*least_first, ("all", everything)]:
        print(f"{room:24} {covered:6} of {lines:6} lines  {100 * covered / (lines or 1):5.1f} %")


if __name__ == "__main__":
    main()
