#!/usr/bin/env python3
"""The bars of whole calls, from what `semcached-bench load --baseline rpc --json` printed.

  load_bars.py DIRECTORY OUT.json RUN...   reads DIRECTORY/RUN.json of every run that is expected.
                                           Prints a table of the runs and writes their bars.

The status is 2 if a run is not there or cannot be believed: a call failed, an answer was wrong,
there were more or fewer hits than the workload asks for, or the empty calls were of other sizes. Why
is said on standard error and in the report; such a run has no bars.
"""
import json
import math
import pathlib
import sys

EMPTY = "to the faster of the two empty servers, median over the runs; "
# bar, run, figure of the ratio, limit, at most
BARS = [
    ("speed.1 miss, 10,000 entries: p50", "miss-10000", "p50", 2.0, True),
    ("speed.1 miss, 10,000 entries: p99", "miss-10000", "p99", 3.0, True),
    ("speed.1 miss, 100,000 entries: p50", "miss-100000", "p50", 4.0, True),
    ("speed.1 miss, 100,000 entries: p99", "miss-100000", "p99", 3.0, True),
    ("speed.2 exact hit: p50", "exact-hit", "p50", 1.5, True),
    ("speed.2 lookups of 32 callers, 10,000 entries: calls/s", "many-10000", "calls_per_second", 0.3, False),
    ("speed.2 lookups of 32 callers, 100,000 entries: calls/s", "many-100000", "calls_per_second", 0.13, False),
    ("speed.2 exact hits of 32 callers: calls/s", "many-exact-hit", "calls_per_second", 0.6, False),
    ("speed.4 insert: p50", "insert", "p50", 3.0, True),
]
RUNS = {run for _, run, _, _, _ in BARS}

# Ages, and the part of hits where callers send what comes, differ by a few bytes from run to run.
SIZE_TOLERANCE = 0.03
SIZE_TOLERANCE_BYTES = 8


class NotMeasured(Exception):
    """Why a run has no bars."""


def check_hits(run, target):
    """All or none where the workload says so; a mixture within five standard deviations."""
    calls, share = run["runs"] * run["calls"], run["hit_share"]
    slack = 5 * math.sqrt(calls * share * (1 - share)) if 0 < share < 1 else 0
    if abs(target["hits"] - calls * share) > slack + 0.5:
        raise NotMeasured(f"{target['target']}: {target['hits']} hits of {calls} calls, of which {calls * share:.0f} should be")


def check_sizes(target, empty):
    for figure in ("request_bytes_a_call", "answer_bytes_a_call"):
        if abs(target[figure] - empty[figure]) > SIZE_TOLERANCE_BYTES + SIZE_TOLERANCE * target[figure]:
            raise NotMeasured(f"{empty['target']}: {figure} is {empty[figure]:.0f}, of the server's {target[figure]:.0f}")


def check(run):
    """NotMeasured unless the run did what its workload says, on all servers alike."""
    for target in run["targets"]:
        for what in ("failed", "wrong"):
            if target[what] != 0:
                raise NotMeasured(f"{target['target']}: {target[what]} {what}")
        check_hits(run, target)
        check_sizes(run["targets"][0], target)
    if "settle_seconds" not in run["targets"][0]:
        raise NotMeasured("nobody waited until the server rested")
    if not any(one["to"].startswith("empty rpc") for one in run["ratios"]):
        raise NotMeasured("no empty server was beside it")


def read_run(file):
    try:
        run = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise NotMeasured("it left no figures") from error
    check(run)
    return run


def ratio(run, figure):
    """The least favourable of the ratios to the empty servers is that to the fastest."""
    values = [one[figure] for one in run["ratios"] if one["to"].startswith("empty rpc")]
    return min(values) if figure == "calls_per_second" else max(values)


def vectors_of(run):
    return "random vectors" if run["vectors"] == "random" else "vectors of texts"


def bars_of(name, run):
    method = EMPTY + f"workload {run['workload']}, {run['callers']} callers, {run['runs']} runs of {run['calls']} calls, {vectors_of(run)}"
    bars = []
    for bar, of, figure, limit, at_most in BARS:
        if of != name:
            continue
        value = ratio(run, figure)
        holds = value <= limit if at_most else value >= limit
        bars.append({"name": bar, "value": value, "unit": "x", "limit": limit, "at_most": at_most, "holds": holds, "method": method})
    return bars


def print_report(runs, missing):
    print("# Whole calls beside empty ones\n")
    print("Over a Unix socket, client and server on the same cores; medians over the runs. An empty call carries the same")
    print("request to a server that answers with as many bytes and looks nothing up. No call failed, no answer was wrong, and")
    print("there were as many hits as the workload asks for. The calls began when the server had come to rest after its entries")
    print(f"were inserted. Requests carry {' and '.join(sorted({vectors_of(run) for run in runs.values()}))}.\n")
    print("| run | entries | callers | server | calls/s | p50, us | p99, us | CPU a call, us | memory, MB |")
    print("| --- | ---: | ---: | --- | ---: | ---: | ---: | ---: | ---: |")
    for name, run in runs.items():
        for i, target in enumerate(run["targets"]):
            cpu = target.get("server_cpu_us_a_call", {}).get("median")
            memory = target.get("server_resident_bytes", {}).get("median")
            print(f"| {name} | {run['entries']} | {run['callers']} | {'semcached' if i == 0 else target['target']} "
                  f"| {target['calls_per_second']['median']:.0f} | {target['p50_us']['median']:.0f} | {target['p99_us']['median']:.0f} "
                  f"| {'' if cpu is None else f'{cpu:.0f}'} | {'' if memory is None else f'{memory / 1e6:.0f}'} |")
    for name, why in missing.items():
        print(f"\nNot measured: {name}: {why}.")


def main():
    if len(sys.argv) < 4 or not RUNS.issuperset(sys.argv[3:]):
        print(__doc__, f"RUN: {' '.join(sorted(RUNS))}", sep="\n", file=sys.stderr)
        return 2
    directory = pathlib.Path(sys.argv[1])
    runs, missing = {}, {}
    for name in sys.argv[3:]:
        try:
            runs[name] = read_run(directory / f"{name}.json")
        except NotMeasured as why:
            missing[name] = str(why)
            print(f"not measured: {name}: {why}", file=sys.stderr)
    print_report(runs, missing)
    bars = [bar for name, run in runs.items() for bar in bars_of(name, run)]
    pathlib.Path(sys.argv[2]).write_text(json.dumps(bars, indent=2) + "\n", encoding="utf-8")
    return 2 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
