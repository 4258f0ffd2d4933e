#!/usr/bin/env python3
"""What lookups notice of changes: of evictions, of a mass expiry, of graphs that are built anew.

  changes_bars.py OUT.json CASE BENCH READY.json PID [ROUNDS] [SECONDS]

CASE is eviction, expiry or rebuild. The server PID, whose ready file is READY.json, has just started,
with a category that suits the case (scripts/bench.sh). Each of ROUNDS (5) rounds sends lookups at a
fixed rate for SECONDS (10): alone; during the change; and, as a control, while something burns the
CPU time that the change took, at the priorities at which it took it. Prints a row of a table and adds
the bars to those that OUT.json holds. The status is 2 if a run failed, an answer was wrong, or nothing
changed.
"""
import json
import math
import os
import pathlib
import re
import signal
import statistics
import subprocess
import sys
import threading
import time
import urllib.request

TENANT = "changes"
LOOKUP_RATE = 1000
CHANGE_RATE = 500
CALLERS = 8
MOST_P99 = 2.0
MOST_WAIT = 0.0002  # a bound of a bucket, in seconds
# Of the CPU time that a control should burn, it may miss so much; and burners are not asked for less.
BURN_TOLERANCE = 0.15
LEAST_SHARE = 0.002
# Of the hits alone, so many must be hits during a change; graphs take so much of a core.
LEAST_HITS = 0.9
LEAST_BUILDING = 0.05
# All that expires is inserted before; this long before its end the lookups begin.
TTL = 8.0
LEAD = 2.0
LOW = 10  # what the server's thread for graphs adds to its nice value

EXPLAINED = {
    "eviction": "inserts at full quota, each evicts one",
    "expiry": "half a category expires at once",
    "rebuild": "graphs are built anew",
}


class NotMeasured(Exception):
    """Why there are no figures."""


def lock_waits_on(page):
    """By upper bound in seconds, how many waits were at most that long; and the longest."""
    buckets = {float(bound): int(float(count)) for bound, count in
               re.findall(r'^semcached_lookup_lock_wait_seconds_bucket\{le="([^"]+)"\} (\S+)', page, re.M)}
    longest = re.search(r"^semcached_lookup_lock_wait_longest_seconds (\S+)", page, re.M)
    if MOST_WAIT not in buckets or longest is None:
        raise NotMeasured("the server does not tell how long lookups wait for locks")
    return buckets, float(longest.group(1))


class Server:
    def __init__(self, bench, ready, pid):
        addresses = json.loads(pathlib.Path(ready).read_text(encoding="utf-8"))
        self.bench, self.pid = bench, pid
        self.socket, self.http = addresses["grpc_unix"], addresses["http"].removeprefix("http://")

    def cpu_seconds(self):
        """Of the process, and of those of its threads that have a low priority."""
        def of(stat):
            fields = stat.read_text(encoding="utf-8").rpartition(")")[2].split()
            return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"), int(fields[16])
        total, usual = of(pathlib.Path(f"/proc/{self.pid}/stat"))
        low = 0.0
        for task in pathlib.Path(f"/proc/{self.pid}/task").iterdir():
            try:
                seconds, nice = of(task / "stat")
            except OSError:
                continue  # a thread that has just ended
            low += seconds if nice > usual else 0
        return total, low

    def lock_waits(self):
        try:
            with urllib.request.urlopen(f"http://{self.http}/metrics", timeout=10) as page:
                return lock_waits_on(page.read().decode())
        except OSError as error:
            raise NotMeasured(f"the server's metrics at {self.http} cannot be read: {error}") from error

    def load(self, workload, entries, calls, *more):
        return [self.bench, "load", "--target", self.socket, "--tenant", TENANT, "--workload", workload,
                "--entries", str(entries), "--calls", str(calls), "--json", *more]


def run_load(command):
    """Its figures, the CPU time of the program itself and how long that ran."""
    begin = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL) as process:
        errors = []
        reader = threading.Thread(target=lambda: errors.append(process.stderr.read()))
        reader.start()
        printed = process.stdout.read()
        reader.join()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    took = time.monotonic() - begin
    if process.returncode != 0:
        raise NotMeasured(f"semcached-bench ended with {process.returncode}: {errors[0].decode().strip()[-300:]}")
    return json.loads(printed)["targets"][0], usage.ru_utime + usage.ru_stime, took


class Beside:
    """A load that runs beside the one that is measured; in a thread, because somebody must read it."""

    def __init__(self, command):
        self.result, self.why = None, None
        self.thread = threading.Thread(target=self.run, args=(command,))
        self.thread.start()

    def run(self, command):
        try:
            self.result = run_load(command)
        except NotMeasured as why:
            self.why = why

    def share(self):
        """The CPU time that it took in a second."""
        self.thread.join()
        if self.why is not None:
            raise self.why
        _, cpu, took = self.result
        return cpu / took


class Burner:
    """A process that takes `share` of a core, once every `period` seconds, at a nice value."""

    def __init__(self, share, period, nice):
        self.share = share
        self.begin = time.monotonic()
        self.pid = os.fork()
        if self.pid == 0:
            self.burn(period, nice)

    def burn(self, period, nice):
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        os.nice(nice)
        done = time.process_time()
        begin = time.monotonic()
        while True:
            due = done + self.share * (time.monotonic() - begin + period)
            while time.process_time() < due:
                pass
            time.sleep(max(0.0, period - (time.monotonic() - begin) % period))

    def stop(self):
        """Ends it. NotMeasured if it could not burn what it should."""
        took = time.monotonic() - self.begin
        usage = self.kill()
        burned = (usage.ru_utime + usage.ru_stime) / took
        if abs(burned - self.share) > BURN_TOLERANCE * self.share + LEAST_SHARE:
            raise NotMeasured(f"the control burned {burned:.3f} of a core, not {self.share:.3f}")

    def kill(self):
        """Ends it, if it goes on still; what it took."""
        if self.pid is None:
            return None
        pid, self.pid = self.pid, None
        os.kill(pid, signal.SIGTERM)
        return os.wait4(pid, 0)[2]


class Case:
    """How a change is begun; which of its slices the control burns."""

    def __init__(self, name, server, seconds):
        self.name, self.server, self.seconds = name, server, seconds
        self.entries = 4000 if name == "rebuild" else 10000
        # The low priority's work comes each time that a tenth of a graph has changed, an expiry's once a tick.
        self.periods = {0: 1.0 if name == "expiry" else 1.0 / CHANGE_RATE, LOW: self.entries / 10 / CHANGE_RATE}

    def prepare(self, number):
        """The entries that lookups ask for, the youngest of all."""
        if self.name == "eviction" and number == 0:
            run_load(self.server.load("evicting", 1, 10000, "--fill", "never", "--callers", "4", "--seed", "100"))
        run_load(self.server.load("lookup", self.entries, 1))
        # The graph of what was inserted is not part of what lookups take alone.
        _, before = self.server.cpu_seconds()
        while True:
            time.sleep(0.5)
            _, now = self.server.cpu_seconds()
            if now == before:
                return
            before = now

    def lookups(self):
        return run_load(self.server.load("lookup", self.entries, self.seconds * LOOKUP_RATE, "--fill", "never", "--rate", str(LOOKUP_RATE),
                                         "--callers", str(CALLERS)))

    def change(self, number):
        """Lookups while it changes: their figures, and the CPU time a second by nice value."""
        seed = str(101 + number)
        beside = None
        if self.name == "expiry":
            begin = time.monotonic()
            run_load(self.server.load("expiring", 1, self.entries, "--fill", "never", "--callers", "4", "--seed", seed))
            left = begin + TTL - LEAD - time.monotonic()
            if left < 0:
                raise NotMeasured(f"{self.entries} entries were not inserted within {TTL - LEAD:.0f} s")
            time.sleep(left)
        else:
            workload, entries = ("evicting", 1) if self.name == "eviction" else ("replacing", self.entries)
            # Begins before the lookups and ends after them.
            calls = CHANGE_RATE * (self.seconds + 4)
            seed = "1" if self.name == "rebuild" else seed
            beside = Beside(self.server.load(workload, entries, calls, "--fill", "never", "--rate", str(CHANGE_RATE), "--callers", "4", "--seed", seed))
            time.sleep(1)
        run = self.timed_lookups()
        return (*run, beside.share() if beside is not None else 0.0)

    def timed_lookups(self):
        """Their figures, and what the server took of a core: at normal priority, at a low one."""
        total, low = self.server.cpu_seconds()
        figures, _, took = self.lookups()
        total_after, low_after = self.server.cpu_seconds()
        low_share = (low_after - low) / took
        return figures, (total_after - total) / took - low_share, low_share

    def control(self, normal, low):
        burners = [Burner(share, self.periods[nice], nice) for nice, share in ((0, normal), (LOW, low)) if share >= LEAST_SHARE]
        try:
            figures, _, _ = self.lookups()
            for burner in burners:
                burner.stop()
            return figures
        finally:
            for burner in burners:
                burner.kill()


def p(figures, which):
    return figures[which]["median"]


def check(name, alone, changing, low):
    """NotMeasured unless lookups were answered as ever, and graphs were built."""
    if changing["hits"] < LEAST_HITS * alone["hits"]:
        raise NotMeasured(f"{changing['hits']} hits while it changed, {alone['hits']} alone")
    if name == "rebuild" and low < LEAST_BUILDING:
        raise NotMeasured("no graph was built")


def median(measured, figure):
    return statistics.median(figure(one) for one in measured)


def count_waits(measured):
    """All, and those that took longer than they may."""
    waits = sum(one["waits"][math.inf] for one in measured)
    return waits, waits - sum(one["waits"][MOST_WAIT] for one in measured)


def row_of(name, measured, longest):
    cells = [f"{median(measured, lambda one, s=state: p(one[s], 'p50_us')):.0f} / {median(measured, lambda one, s=state: p(one[s], 'p99_us')):.0f}"
             for state in ("alone", "changing", "control")]
    waits, long_waits = count_waits(measured)
    return (f"| {EXPLAINED[name]} | {' | '.join(cells)} | {ratio_of(measured):.2f} "
            f"| {100 * median(measured, lambda one: one['normal']):.0f} + {100 * median(measured, lambda one: one['low']):.0f} "
            f"| {waits} | {long_waits} | {longest * 1e6:.0f} |")


def ratio_of(measured):
    return median(measured, lambda one: p(one["changing"], "p99_us") / p(one["control"], "p99_us"))


def bars_of(name, measured, longest, seconds):
    lookups = LOOKUP_RATE * seconds * len(measured)
    method = f"{LOOKUP_RATE} lookups a second for {seconds} s, {len(measured)} rounds; "
    values = [("p99", ratio_of(measured), "x", MOST_P99,
               "to a control that burns the same CPU time at the same priorities, median of ratios"),
              ("longest wait for a lock", longest * 1e6, "us", MOST_WAIT * 1e6,
               f"as the server counts it, since its start; {count_waits(measured)[1]} of {lookups} lookups waited longer than the limit")]
    return [{"name": f"speed.4 lookups, {EXPLAINED[name]}: {what}", "value": value, "unit": unit, "limit": limit, "at_most": True,
             "holds": value <= limit, "method": method + how} for what, value, unit, limit, how in values]


def measure(case, rounds):
    """A dictionary of figures a round."""
    measured = []
    for number in range(rounds):
        print(f"{case.name}: round {number + 1} of {rounds}", file=sys.stderr)
        case.prepare(number)
        alone, alone_normal, alone_low = case.timed_lookups()
        before, _ = case.server.lock_waits()
        changing, normal, low, client = case.change(number)
        after, _ = case.server.lock_waits()
        normal = max(0.0, normal - alone_normal) + client
        low = max(0.0, low - alone_low)
        check(case.name, alone, changing, low)
        control = case.control(normal, low)
        waits = {bound: after[bound] - before[bound] for bound in after}
        measured.append({"alone": alone, "changing": changing, "control": control, "normal": normal, "low": low, "waits": waits})
        print(f"  p99 us: alone {p(alone, 'p99_us'):.0f}, changing {p(changing, 'p99_us'):.0f}, control {p(control, 'p99_us'):.0f}; "
              f"of a core: {normal:.3f} normal, {low:.3f} low; waits {waits}", file=sys.stderr)
    return measured


def main():
    if len(sys.argv) not in range(6, 9) or sys.argv[2] not in EXPLAINED:
        print(__doc__, file=sys.stderr)
        return 2
    out, name, bench, ready, pid = sys.argv[1:6]
    rounds = int(sys.argv[6]) if len(sys.argv) > 6 else 5
    seconds = int(sys.argv[7]) if len(sys.argv) > 7 else 10
    server = Server(bench, ready, int(pid))
    try:
        measured = measure(Case(name, server, seconds), rounds)
        _, longest = server.lock_waits()
    except NotMeasured as why:
        print(f"not measured: {name}: {why}", file=sys.stderr)
        print(f"| {EXPLAINED[name]} | not measured: {why} |")
        return 2

    print(row_of(name, measured, longest))
    file = pathlib.Path(out)
    bars = json.loads(file.read_text(encoding="utf-8")) if file.exists() else []
    bars += bars_of(name, measured, longest, seconds)
    file.write_text(json.dumps(bars, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
