"""The ack of a slash command over TLS, the commit included: against one fsync of this disk, against nginx
`return 200` and against @slack/bolt with a bare ack(), interleaved. Ratios of one run; single times mean little."""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from sandbox import aws_world as world
from sandbox.stack import ROOT, Stack, free_port

CONNECTIONS, ROUNDS = 32, 3
AS_FAST_AS_IT_GOES, STEADY = 0, 2000  # commands a second; the second is more than any workspace types
NGINX = """\
worker_processes 1; daemon off; pid {dir}/nginx.pid; error_log {dir}/nginx.log;
events {{ worker_connections 256; }}
http {{
  access_log off; client_body_temp_path {dir}/body; proxy_temp_path {dir}/proxy; fastcgi_temp_path {dir}/f;
  uwsgi_temp_path {dir}/u; scgi_temp_path {dir}/s; keepalive_requests 10000000;
  server {{
    listen 127.0.0.1:{port} ssl; ssl_certificate {tls}/certificate.pem; ssl_certificate_key {tls}/key.pem;
    location / {{ return 200 "ok"; }}
  }}
}}
"""


def fsync_p99(directory, times=400):
    path, spent = directory / "fsync", []
    with open(path, "wb", buffering=0) as file:
        for _ in range(times):
            file.write(os.urandom(4096))
            before = time.perf_counter()
            os.fsync(file.fileno())
            spent.append((time.perf_counter() - before) * 1000)
    path.unlink()
    return statistics.quantiles(spent, n=100)[98]


def cpu_seconds(pid):
    """User and system time of a process and its children, living ones included."""
    total = 0.0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(stat.parent.name) == pid or int(fields[1]) == pid:
            total += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return total


class Server:
    def __init__(self, name, port, pid):
        self.name, self.port, self.pid, self.rounds = name, port, pid, {}

    def measure(self, secret, seconds, rate):
        before = cpu_seconds(self.pid)
        done = subprocess.run([ROOT / "build/release/bench/bench_load", str(self.port), secret, str(CONNECTIONS),
                               str(seconds), str(rate)], capture_output=True, text=True, timeout=seconds + 60)
        if done.returncode != 0:
            raise SystemExit(f"bench: {self.name}: {done.stdout}{done.stderr}")
        result = json.loads(done.stdout)
        result["cpu_us"] = (cpu_seconds(self.pid) - before) * 1e6 / result["requests"]
        self.rounds.setdefault(rate, []).append(result)

    def median(self, key, rate=AS_FAST_AS_IT_GOES):
        return statistics.median(r[key] for r in self.rounds[rate])

    def rate(self):
        return statistics.median(r["requests"] / r["seconds"] for r in self.rounds[AS_FAST_AS_IT_GOES])


def start_nginx(directory, tls):
    port = free_port()
    (directory / "nginx.conf").write_text(NGINX.format(dir=directory, port=port, tls=tls))
    process = subprocess.Popen(["nginx", "-p", str(directory), "-c", str(directory / "nginx.conf")],
                               stderr=subprocess.DEVNULL)
    return Server("nginx", port, process.pid), process


def start_bolt(secret, tls):
    port = free_port()
    process = subprocess.Popen(["node", str(ROOT / "bench/bolt/server.js"), str(port), str(secret),
                                str(tls / "certificate.pem"), str(tls / "key.pem")], stdout=subprocess.PIPE)
    process.stdout.readline()
    return Server("bolt", port, process.pid), process


def slow_aws(stack):
    """AWS answers after 10 s, and there is always a call under way."""
    stack.aws_control("fault", kind="slow", seconds=600, delay=10.0)
    for _ in range(20):
        stack.aws_control("start", account=world.WEB_STG, pipeline="web")


def stack_in(directory):
    """ringi on a disk of its own, with nothing left to do of an earlier round."""
    directory.mkdir()
    return Stack(directory).start()


def main():
    seconds = int(sys.argv[1])
    directory = Path(tempfile.mkdtemp(prefix="ringi-bench-"))
    stacks, processes = [], []
    try:
        stacks = [stack_in(directory / name) for name in ("usual", "slow")]
        usual, slow = (Server(name, stack.ports["public_port"], stack.ringi.pid)
                       for name, stack in zip(("ringi", "ringi, AWS slow"), stacks))
        slow_aws(stacks[1])
        secret, tls = stacks[0].directory / "signing-secret", stacks[0].directory / "tls"
        nginx, process = start_nginx(directory, tls)
        processes.append(process)
        bolt, process = start_bolt(secret, tls)
        processes.append(process)
        fsync = fsync_p99(directory)
        for _ in range(ROUNDS):
            usual.measure(secret, seconds, STEADY)
            slow.measure(stacks[1].directory / "signing-secret", seconds, STEADY)
        for _ in range(ROUNDS):
            for server in (usual, nginx, bolt):
                server.measure(secret, seconds, AS_FAST_AS_IT_GOES)
        return report(usual, nginx, bolt, slow, fsync)
    finally:
        for process in processes:
            process.terminate()
            process.wait()
        for stack in stacks:
            stack.stop()
        shutil.rmtree(directory)


def report(usual, nginx, bolt, slow, fsync):
    for server in (usual, slow):
        print(f"{server.name:16} {STEADY:9} requests/s  p50 {server.median('p50_ms', STEADY):7.2f} ms  "
              f"p99 {server.median('p99_ms', STEADY):7.2f} ms")
    for server in (usual, nginx, bolt):
        print(f"{server.name:16} {server.rate():9.0f} requests/s  p50 {server.median('p50_ms'):7.2f} ms  "
              f"p99 {server.median('p99_ms'):7.2f} ms  CPU {server.median('cpu_us'):6.1f} us a request")
    bound = 5 + 4 * fsync
    slow_ratio = slow.median("p99_ms", STEADY) / usual.median("p99_ms", STEADY)
    print(f"one fsync on this disk: p99 {fsync:.2f} ms; bound of the ack's p99: 5 ms + 4 fsync = {bound:.2f} ms")
    print(f"p99 while AWS answers after 10 s: {slow_ratio:.2f} times the usual")
    print(f"CPU a request: {usual.median('cpu_us') / nginx.median('cpu_us'):.2f} times nginx's")
    print(f"requests a second: {usual.rate() / bolt.rate():.1f} times Bolt's")
    held = usual.median("p99_ms", STEADY) <= bound and slow_ratio <= 1.05
    print("held" if held else "NOT HELD")
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
