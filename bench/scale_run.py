#!/usr/bin/env python3
"""Fills a real server, and tells what that takes. scripts/scale.sh calls this, and says what it does.

The server, its store and its log are in --run, which is empty. The report is Markdown on standard
output. The status is 2 if something could not be measured: why is said on standard error.
"""
import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import time

import start_bars
from start_bars import NotMeasured

TENANT = "scale"
DIMENSION = 384
# What to make sure of before: a little more than was measured, docs/performance.md tells.
MEMORY_EACH = 1_700
MEMORY_BESIDE = 1 << 30
DISK_BESIDE = 4 << 30
FILL_CALLERS = 4
LOOKUPS = 10_000
# A server that does less than this of a core's work has nothing to do but its ticks; nor has one that
# does always as little.
IDLE_CORES = 0.1
STEADY_CORES = 0.5
STEADY_WITHIN = 0.05
IDLE_WINDOW = 4.0
SETTLE_PATIENCE = 4 * 3600.0
START_PATIENCE = 3600.0

POLICY = """category: {name}
ttl: 30d
similarity_threshold: 0.85
durability: {durability}
quota:
  max_entries: 1000000000
  max_memory: 1TiB
  max_disk: 1TiB
index:
  type: {index}
"""
SERVER = """listen:
  unix: "{run}/data.sock"
admin:
  unix: "{run}/admin.sock"
default_category: {first}
store:
  path: "{run}/store"
memory_limit: {memory}B
disk_limit: {disk}B
categories: "{run}/categories"
drain: 10s
"""


def disk_each(options):
    return 4 * DIMENSION + options.response_bytes * 3 // 4 + 300


def check_room(options):
    """Ten million that do not fit are better known before an hour has passed."""
    memory = MEMORY_BESIDE + MEMORY_EACH * options.entries
    lines = pathlib.Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    there = int(next(line.split()[1] for line in lines if line.startswith("MemAvailable"))) << 10
    if memory > there:
        raise NotMeasured(f"{options.entries} entries need about {memory >> 20} MiB of memory, and {there >> 20} MiB are free; fewer --entries")
    # Compaction writes the new files before it drops the old ones.
    disk = DISK_BESIDE + disk_each(options) * options.entries * 3 // 2
    free = shutil.disk_usage(options.run).free
    if disk > free:
        raise NotMeasured(f"{options.entries} entries need about {disk >> 20} MiB of disk, and {options.run} has {free >> 20} MiB; "
                          "fewer --entries, or --keep a directory elsewhere")


def write_files(options):
    names = [f"category-{number:05}" for number in range(options.categories)]
    directory = options.run / "categories"
    directory.mkdir()
    for name in names:
        (directory / f"{name}.yaml").write_text(POLICY.format(name=name, index=options.index, durability=options.durability), encoding="utf-8")
    (options.run / "semcached.yaml").write_text(
        SERVER.format(run=options.run, first=names[0], memory=MEMORY_BESIDE + 2 * MEMORY_EACH * options.entries,
                      disk=DISK_BESIDE + 4 * disk_each(options) * options.entries), encoding="utf-8")
    for workload in ("semantic_hit", "exact_hit", "miss"):
        (options.run / f"{workload}.json").write_text(
            json.dumps({workload: 1, "varied": True, "entries": options.entries, "categories": names, "namespaces": options.namespaces}), encoding="utf-8")


def is_idle(cores):
    """Whether the last windows of `cores`, the newest last, are those of an idle server."""
    last = cores[-4:]
    return cores[-1] < IDLE_CORES or (len(last) == 4 and max(last) < STEADY_CORES and max(last) - min(last) < STEADY_WITHIN)


def cpu_seconds_of(directory):
    fields = (directory / "stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Server:
    """A running semcached: `listening` and `warm` are seconds from its start."""

    def __init__(self, options):
        self.options = options
        self.ready = options.run / "ready.json"
        self.ready.unlink(missing_ok=True)
        begin = time.monotonic()
        with open(options.run / "log", "a", encoding="utf-8") as log:
            self.process = subprocess.Popen([options.bin / "semcached", "--config", options.run / "semcached.yaml", "--ready-file", self.ready],
                                            stdin=subprocess.DEVNULL, stderr=log)
        try:
            start_bars.await_true("listening", lambda: self.ready.exists() and self.ready.stat().st_size > 0, self.process)
            self.listening = time.monotonic() - begin
            self.addresses = json.loads(self.ready.read_text(encoding="utf-8"))
            start_bars.await_true("warm", lambda: self.ask("health").get("warm_ratio", 0) >= 0.99, self.process)
            self.warm = time.monotonic() - begin
        except BaseException:
            self.process.kill()
            raise

    def ask(self, command):
        return start_bars.ask(self.options.bin / "semcachectl", self.addresses, command)

    def stats(self):
        stats = self.ask("stats")
        if "memory_bytes" not in stats:
            raise NotMeasured("semcachectl stats has no answer; see the log in the run's directory")
        categories = stats.get("categories", [])
        return {"entries": int(stats.get("entry_count", 0)),
                "in_graphs": sum(int(one.get("graph_entry_count", 0)) for one in categories),
                "scopes": sum(int(one.get("scope_count", 0)) for one in categories),
                "memory": {part: int(bytes_) for part, bytes_ in stats["memory_bytes"].items()},
                "charged": sum(int(one.get("memory_bytes", 0)) for one in categories),
                "disk": {part: int(bytes_) for part, bytes_ in stats.get("disk_part_bytes", {}).items()},
                "process": self.memory()}

    def memory(self):
        """Of the process, in bytes: now, of that not of files, and the most so far."""
        fields = dict(line.split(":", 1) for line in pathlib.Path("/proc", str(self.process.pid), "status").read_text(encoding="ascii").splitlines())
        return {name: int(fields[field].split()[0]) << 10 for name, field in (("resident", "VmRSS"), ("heap", "RssAnon"), ("peak", "VmHWM"))}

    def cpu_seconds(self):
        return cpu_seconds_of(pathlib.Path("/proc", str(self.process.pid)))

    def graph_seconds(self):
        """Of the thread that builds graphs: where others take the cores, it may seem to do little for long."""
        seconds = 0.0
        for task in pathlib.Path("/proc", str(self.process.pid), "task").iterdir():
            try:
                if (task / "comm").read_text(encoding="ascii").strip() == "graph":
                    seconds += cpu_seconds_of(task)
            except FileNotFoundError:  # it has ended meanwhile
                continue
        return seconds

    def settle(self):
        """Waits until graphs are built and files compacted. Seconds until then, and the cores that are used in idleness."""
        begin = told = time.monotonic()
        windows = []
        while True:
            before, graphs, at = self.cpu_seconds(), self.graph_seconds(), time.monotonic()
            time.sleep(IDLE_WINDOW)
            if self.process.poll() is not None:
                raise NotMeasured(f"the server ended with {self.process.returncode}")
            now = time.monotonic()
            windows.append((self.cpu_seconds() - before) / (now - at))
            if is_idle(windows) and self.graph_seconds() == graphs:
                return at - begin, windows[-1]
            if now - begin > SETTLE_PATIENCE:
                raise NotMeasured(f"the server was still busy after {SETTLE_PATIENCE:.0f} s")
            if now - told > 30:
                told = now
                print(f"settling: {now - begin:.0f} s, {windows[-1]:.1f} cores busy", file=sys.stderr)

    def stop(self):
        begin = time.monotonic()
        self.process.terminate()
        try:
            self.process.wait(timeout=START_PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise NotMeasured(f"the server did not stop within {START_PATIENCE:.0f} s") from None
        return time.monotonic() - begin


def load(options, workload, *arguments):
    ended = subprocess.run([options.bin / "semcached-bench", "load", "--target", options.run / "data.sock", "--workload", options.run / f"{workload}.json",
                            "--tenant", TENANT, "--dimension", str(DIMENSION), "--response-bytes", str(options.response_bytes), "--json", *arguments],
                           stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=False)
    if ended.returncode not in (0, 1):
        raise NotMeasured(f"semcached-bench load ended with {ended.returncode}")
    target = json.loads(ended.stdout)["targets"][0]
    if target.get("failed") or target.get("wrong"):
        raise NotMeasured(f"{workload}: {target['failed']} calls failed, {target['wrong']} answers were wrong")
    return target


def measure_lookups(options):
    lookups = {}
    for workload in ("exact_hit", "semantic_hit", "miss"):
        target = load(options, workload, "--fill", "never", "--calls", str(LOOKUPS), "--warm-up", "1000")
        lookups[workload] = {"p50_us": target["p50_us"]["median"], "p99_us": target["p99_us"]["median"], "hit_share": target["hits"] / LOOKUPS}
    return lookups


def measure(options, servers):
    figures = {"entries": options.entries, "categories": options.categories, "namespaces": options.namespaces, "index": options.index,
               "durability": options.durability, "response_bytes": options.response_bytes}
    server = Server(options)
    servers.append(server)
    figures["empty"] = server.stats()
    figures["empty"]["idle_cores"] = server.settle()[1]
    figures["fill_seconds"] = load(options, "miss", "--fill", "only", "--fill-callers", str(FILL_CALLERS))["fill_seconds"]
    figures["filled"] = server.stats()
    if figures["filled"]["entries"] != options.entries:
        raise NotMeasured(f"{figures['filled']['entries']} of {options.entries} entries are there")
    figures["settle_seconds"], figures["idle_cores"] = server.settle()
    figures["settled"] = server.stats()
    figures["lookups"] = measure_lookups(options)
    figures["asked"] = server.stats()
    figures["stop_seconds"] = server.stop()
    figures["du_bytes"] = int(subprocess.run(["du", "-s", "--block-size=1", options.run / "store"], stdout=subprocess.PIPE, check=True).stdout.split()[0])
    server = Server(options)
    servers.append(server)
    figures["listening_seconds"], figures["warm_seconds"] = server.listening, server.warm
    figures["graphs_again_seconds"] = server.settle()[0]
    figures["again"] = server.stats()
    if figures["again"]["entries"] < 0.99 * options.entries:
        raise NotMeasured(f"after the start {figures['again']['entries']} of {options.entries} entries are there")
    figures["lookups_again"] = measure_lookups(options)
    server.stop()
    return figures


def mebibytes(value):
    return f"{value / (1 << 20):,.0f}"


def print_report(figures):
    entries, empty, settled, again = figures["entries"], figures["empty"], figures["settled"], figures["again"]

    def each(value):
        return f"{value / entries:,.0f}"

    def row(*cells):
        print("| " + " | ".join(cells) + " |")

    print(f"# {entries:,} entries\n")
    print(f"{DIMENSION}-d random vectors and answers of {figures['response_bytes']} letters by chance in {figures['categories']} categories of {figures['namespaces']} "
          f"namespaces, {settled['scopes']:,} scopes in all; index `{figures['index']}`, durability `{figures['durability']}`. Filled by {FILL_CALLERS} "
          "callers over the Unix socket on the same cores.\n")
    row("what", "figure")
    row("---", "---:")
    row("filled, entries/s", f"{entries / figures['fill_seconds']:,.0f}")
    row("settled after that (graphs, compaction), s", f"{figures['settle_seconds']:.0f}")
    row("entries in graphs", f"{settled['in_graphs']:,}")
    row("idle, empty and full, share of a core", f"{empty['idle_cores']:.3f}, {figures['idle_cores']:.3f}")
    row("stopped within, s", f"{figures['stop_seconds']:.1f}")
    row("listening again after, s", f"{figures['listening_seconds']:.1f}")
    row("99 % can be found after, s", f"{figures['warm_seconds']:.1f}")
    row("settled after that, s", f"{figures['graphs_again_seconds']:.0f}")
    print("\n## Lookups of one caller\n")
    row("lookup", "p50, us", "p99, us", "hits", "p50 after a start, us", "p99")
    row("---", "---:", "---:", "---:", "---:", "---:")
    for name, one in figures["lookups"].items():
        later = figures["lookups_again"][name]
        row(name.replace("_", " "), f"{one['p50_us']:.0f}", f"{one['p99_us']:.0f}", f"{100 * one['hit_share']:.2f} %", f"{later['p50_us']:.0f}", f"{later['p99_us']:.0f}")
    print("\n## Memory\n")
    row("component", "MiB", "bytes an entry", "MiB after a start")
    row("---", "---:", "---:", "---:")
    for part, value in sorted(settled["memory"].items(), key=lambda one: -one[1]):
        row(f"counted: {part}", mebibytes(value), each(value), mebibytes(again["memory"].get(part, 0)))
    counted, counted_again = sum(settled["memory"].values()), sum(again["memory"].values())
    row("counted, in all", mebibytes(counted), each(counted), mebibytes(counted_again))
    row("charged to quotas", mebibytes(settled["charged"]), each(settled["charged"]), mebibytes(again["charged"]))
    row("resident when empty", mebibytes(empty["process"]["resident"]), "", "")
    row("resident", mebibytes(settled["process"]["resident"]), each(settled["process"]["resident"]), mebibytes(again["process"]["resident"]))
    row("resident beyond what it was empty", *(mebibytes(value) if i != 1 else each(value) for i, value in enumerate(
        [settled["process"]["resident"] - empty["process"]["resident"]] * 2 + [again["process"]["resident"] - empty["process"]["resident"]])))
    row("most resident so far", mebibytes(settled["process"]["peak"]), each(settled["process"]["peak"]), mebibytes(again["process"]["peak"]))
    print("\n## Disk\n")
    row("part", "MiB", "bytes an entry", "MiB after a start")
    row("---", "---:", "---:", "---:")
    for part, value in sorted(settled["disk"].items(), key=lambda one: -one[1]):
        row(part, mebibytes(value), each(value), mebibytes(again["disk"].get(part, 0)))
    disk = sum(settled["disk"].values())
    row("in all", mebibytes(disk), each(disk), mebibytes(sum(again["disk"].values())))
    row("`du` when stopped", mebibytes(figures["du_bytes"]), each(figures["du_bytes"]), "")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bin", type=pathlib.Path, required=True)
    parser.add_argument("--run", type=pathlib.Path, required=True)
    for name in ("entries", "categories", "namespaces", "response-bytes"):
        parser.add_argument(f"--{name}", type=int, required=True)
    parser.add_argument("--index", required=True)
    parser.add_argument("--durability", required=True)
    parser.add_argument("--json", type=pathlib.Path)
    options = parser.parse_args()
    start_bars.PATIENCE = START_PATIENCE
    servers = []
    try:
        check_room(options)
        write_files(options)
        figures = measure(options, servers)
    except NotMeasured as why:
        print(f"not measured: {why}", file=sys.stderr)
        return 2
    finally:
        for server in servers:
            if server.process.poll() is None:
                server.process.kill()
                server.process.wait()
    print_report(figures)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
