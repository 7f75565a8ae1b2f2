"""Runs the steps of tests/run one after the other and counts. Only the standard library: it must start on
a bare machine."""

import os
import signal
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import steps  # noqa: E402
from step import OUTPUT, Step  # noqa: E402

USUAL = ["build", "suite", "lint", "unit", "wire", "sandbox", "flow", "e2e", "kills"]
ALL = ["format", "build", "suite", "lint", "unit", "wire", "sandbox", "flow", "e2e", "kills-100", "asan", "tsan", "fuzz", "tidy"]


def chosen(words):
    if not words:
        return USUAL
    if words == ["all"]:
        return ALL
    unknown = [w for w in words if w not in steps.STEPS]
    if unknown:
        sys.exit(f"tests/run: no step {unknown[0]!r}; there are: {' '.join(steps.STEPS)}")
    return words


def main():
    if sys.argv[1:] == ["--list"]:
        print("\n".join(steps.STEPS))
        return 0
    # Whoever starts us in the background has us ignore it, and all that we start: it could not be stopped gently.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    OUTPUT.mkdir(parents=True, exist_ok=True)
    started, done = time.monotonic(), []
    for name in chosen(sys.argv[1:]):
        step = Step(name)
        done.append(step)
        steps.STEPS[name](step)
        if not (step.passed or step.failed or step.skipped):
            step.failed += 1
            print(f"--- {name}: no test ran", flush=True)
        print(f"{name:10} {step.passed} passed, {step.failed} failed, {len(step.skipped)} skipped"
              f"  {step.seconds():.0f} s", flush=True)
        if step.fatal:
            print("the rest needs this step: stopped here")
            break
    print(f"took {time.monotonic() - started:.0f} s; output in {OUTPUT}")
    return close(done, os.environ.get("RINGI_SKIPS") == "fail")


def close(done, no_skips):
    """The last lines: what was skipped, then the count. A run that tested nothing has failed."""
    passed, failed = sum(s.passed for s in done), sum(s.failed for s in done)
    skipped = [f"{step.name} {test}" for step in done for test in step.skipped]
    for line in skipped:
        print(f"skipped: {line}")
    if skipped and no_skips:
        print("RINGI_SKIPS=fail: what was skipped has failed")
        failed += len(skipped)
    print(f"{passed} passed, {failed} failed", flush=True)
    return 0 if passed and not failed else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("tests/run: stopped")
