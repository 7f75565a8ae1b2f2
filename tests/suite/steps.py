"""What tests/run knows to do, a function a step."""

import json
import os
import re
from concurrent.futures import ThreadPoolExecutor

from address_space import steady_addresses
from step import OUTPUT, ROOT

WITH_POSTGRESQL = ROOT / "tests/unit/server/store/with-postgresql"
SANITIZED = {
    "ASAN_OPTIONS": "detect_stack_use_after_return=1:strict_string_checks=1:check_initialization_order=1",
    "LSAN_OPTIONS": f"print_suppressions=0:suppressions={ROOT}/tests/suite/lsan.supp",
    "UBSAN_OPTIONS": "print_stacktrace=1",
    "TSAN_OPTIONS": f"halt_on_error=1:suppressions={ROOT}/tests/suite/tsan.supp",
}


def build(step):
    step.check("release build", [ROOT / "deploy/build", "release"], limit=2400, fatal=True)


def built(step, preset, *targets):
    """Every step that runs a program builds it first: in moments, where the step build went before."""
    return step.needs(f"{preset} build", [ROOT / "deploy/build", preset, *targets], limit=2400)


def suite(step):
    step.pytest("tests/suite")


def lint(step):
    step.pytest("tests/lint")


def tested_rooms():
    """The rooms with unit tests, as tests/unit/CMakeLists.txt finds them."""
    folders = {p.parent.relative_to(ROOT / "tests/unit") for p in (ROOT / "tests/unit").rglob("*_test.cpp")}
    return sorted("_".join(folder.parts) for folder in folders)


def units(step, preset, rooms):
    for room in rooms:
        before = [WITH_POSTGRESQL] if room == "server_store" else []
        step.gtest(ROOT / "build" / preset / "unit" / f"unit_{room}", env=SANITIZED, before=before)


def unit(step):
    if built(step, "release", "units"):
        units(step, "release", tested_rooms())


def wire(step):
    if built(step, "release", "wire_driver", "wire_caller", "wire_credentials"):
        step.pytest("tests/wire", env={"PYTHONPATH": str(ROOT / "tests/sandbox")})


def sandbox(step):
    step.pytest("tests/sandbox/tests", env={"PYTHONPATH": str(ROOT / "tests/sandbox")})


def flows(step, preset, limit):
    step.pytest("tests/flow", limit, before=[WITH_POSTGRESQL], workers=2,
                env={"RINGI": str(ROOT / "build" / preset / "bin/ringi"), "PYTHONPATH": str(ROOT / "tests/sandbox"),
                     **SANITIZED})


def flow(step):
    if built(step, "release", "ringi"):
        flows(step, "release", 900)


def e2e(step):
    if built(step, "release", "ringi") and step.needs("npm packages", ["tests/e2e/install"], limit=300):
        step.pytest("tests/e2e", env={"RINGI": str(ROOT / "build/release/bin/ringi"),
                                      "PYTHONPATH": str(ROOT / "tests/sandbox")})


def kill_loop(step, times):
    if not built(step, "release", "ringi"):
        return
    times = int(os.environ.get("RINGI_KILLS", times))  # anyone can run it longer
    step.pytest("tests/kills", limit=600 + 3 * times,
                env={"RINGI": str(ROOT / "build/release/bin/ringi"), "RINGI_KILLS": str(times),
                     "PYTHONPATH": str(ROOT / "tests/sandbox")})


def kills(step):
    kill_loop(step, 20)


def kills_100(step):
    kill_loop(step, 100)


def asan(step):
    if steady_addresses(step) and built(step, "asan", "units", "ringi"):
        units(step, "asan", tested_rooms())
        flows(step, "asan", 1800)


def tsan(step):
    rooms = ["server_store", "server_net", "server_runtime"]
    targets = [f"unit_{room}" for room in rooms]
    if steady_addresses(step) and built(step, "tsan", *targets):
        units(step, "tsan", rooms)


def fuzz(step):
    if not steady_addresses(step) or not built(step, "fuzz", "fuzzers"):
        return
    seconds = os.environ.get("RINGI_FUZZ_SECONDS", "30")
    def one(program):
        corpus = OUTPUT / "fuzz" / program.name
        corpus.mkdir(parents=True, exist_ok=True)
        seeds = ROOT / "tests/fuzz/seeds" / program.name.removeprefix("fuzz_")
        step.check(program.name, [program, f"-max_total_time={seconds}", "-max_len=65536", "-timeout=10",
                                  "-rss_limit_mb=2048", f"-artifact_prefix={corpus}-", corpus,
                                  *([seeds] if seeds.exists() else [])],
                   limit=int(seconds) + 120, env=SANITIZED)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(one, sorted((ROOT / "build/fuzz/fuzz").glob("fuzz_*"))))


def sources(*folders):
    return sorted(p for f in folders for p in (ROOT / f).rglob("*") if p.suffix in (".cpp", ".hpp"))


def formatted(step):
    step.check("clang-format", ["clang-format-16", "--dry-run", "--Werror",
                                *sources("server", "handlers", "tests", "bench")])


def without_precompiled_headers():
    """How each file is compiled alone: what it does not include itself is missing there."""
    commands = json.loads((ROOT / "build/release/compile_commands.json").read_text())
    for one in commands:
        one["command"] = re.sub(r" -Winvalid-pch( -Xclang \S+)+", "", one["command"])
    database = ROOT / "build/tidy"
    database.mkdir(exist_ok=True)
    (database / "compile_commands.json").write_text(json.dumps(commands))
    return database


def tidy(step):
    if not built(step, "release", "ringi"):
        return
    database = without_precompiled_headers()
    files = [p for p in sources("server", "handlers") if p.suffix == ".cpp"]
    def one(path):
        step.check(str(path.relative_to(ROOT)), ["clang-tidy-16", "--quiet", "-p", database, path], limit=600)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(one, files))


def coverage(step):
    step.check("coverage", [ROOT / "tests/suite/coverage"], limit=3000, tell=True)


STEPS = {"format": formatted, "build": build, "suite": suite, "lint": lint, "unit": unit, "wire": wire, "sandbox": sandbox, "flow": flow,
         "e2e": e2e, "kills": kills, "kills-100": kills_100, "asan": asan, "tsan": tsan, "fuzz": fuzz,
         "tidy": tidy, "coverage": coverage}
