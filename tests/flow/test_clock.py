"""The machine's clock was ahead and is set right while ringi runs: nothing waits until it has caught up."""

import os
import re
import subprocess

import pytest
from deployment import Deployment, said
from sandbox import aws_world as world

# Less than the 5 minutes that Slack's signatures and SNS's messages may be off, and more than any test waits.
AHEAD = 280
LIMIT = 100

# System calls alone: it is asked for the time before the C library, or a sanitizer, is ready.
SHIM = r"""
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static long ahead(void) {
  char text[16] = {0};
  long seconds = 0;
  const char *name = getenv("RINGI_TEST_CLOCK");
  long file = name ? syscall(SYS_openat, AT_FDCWD, name, O_RDONLY | O_CLOEXEC) : -1;
  if (file < 0) return 0;
  if (syscall(SYS_read, file, text, sizeof text - 1) < 0) text[0] = 0;
  syscall(SYS_close, file);
  for (const char *digit = text; *digit >= '0' && *digit <= '9'; ++digit) seconds = 10 * seconds + (*digit - '0');
  return seconds;
}

int clock_gettime(clockid_t id, struct timespec *now) {
  int result = (int)syscall(SYS_clock_gettime, id, now);
  if (id == CLOCK_REALTIME) now->tv_sec += ahead();
  return result;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
  struct timespec precise;
  (void)zone;
  clock_gettime(CLOCK_REALTIME, &precise);
  now->tv_sec = precise.tv_sec;
  now->tv_usec = precise.tv_nsec / 1000;
  return 0;
}
"""


class TestSetBack:
    @pytest.fixture(scope="class")
    def stack(self, make_stack, tmp_path_factory):
        directory = tmp_path_factory.mktemp("clock")
        source, library = directory / "clock.c", directory / "clock.so"
        source.write_text(SHIM)
        subprocess.run(["clang-16", "-shared", "-fPIC", "-o", library, source], check=True)
        stack = make_stack(start=False)
        stack.start_sandbox()
        stack.clock = directory / "ahead"
        stack.clock.write_text(str(AHEAD))
        changed = {"LD_PRELOAD": str(library), "RINGI_TEST_CLOCK": str(stack.clock)}
        os.environ.update(changed)
        try:
            stack.start_ringi()
        finally:
            for name in changed:
                del os.environ[name]
        stack.aws_control("subscribe", topics=[world.EVENTS_TOPIC, world.APPROVALS_TOPIC])
        stack.wait("topics confirmed", lambda: len(stack.aws_state()["confirmed"]) == 2)
        return stack

    @pytest.fixture
    def deployment(self, stack, slack, ledger):
        return Deployment(stack, slack, ledger)

    def carried_through(self, deployment):
        deployment.start()
        deployment.card(button="Approve", timeout=LIMIT)
        deployment.approve()
        deployment.ends(limit=LIMIT)
        deployment.entry("pipeline.finished", limit=LIMIT)
        deployment.stack.wait(
            "the card's end", lambda: not re.search("[⏳✋⚪]", said(deployment.cards()[0])), LIMIT)

    def test_a_deployment_before_and_one_after(self, deployment, stack):
        self.carried_through(deployment)
        stack.clock.write_text("0")
        self.carried_through(deployment)
        times = [e["time"] for e in deployment.ledger.entries()]
        assert times[-1] < max(times), "the clock is back"
