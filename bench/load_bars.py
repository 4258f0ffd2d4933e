#!/usr/bin/env python3
"""The bars of whole calls, from what `semcached-bench load --baseline rpc --json` printed.

  load_bars.py DIRECTORY OUT.json   reads NAME.json of each bar's run from DIRECTORY; one that is not
                                    there is passed over. Prints a table of the runs, writes the bars.
"""
import json
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


def ratio(run, figure):
    """The least favourable of the ratios to the empty servers is that to the fastest."""
    values = [one[figure] for one in run["ratios"] if one["to"].startswith("empty rpc")]
    return min(values) if figure == "calls_per_second" else max(values)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    directory = pathlib.Path(sys.argv[1])
    runs, bars = {}, []
    for name, run, figure, limit, at_most in BARS:
        file = directory / f"{run}.json"
        if not file.exists() or file.stat().st_size == 0:
            continue
        runs[run] = json.loads(file.read_text())
        value = ratio(runs[run], figure)
        holds = value <= limit if at_most else value >= limit
        method = EMPTY + f"workload {runs[run]['workload']}, {runs[run]['callers']} callers, {runs[run]['runs']} runs of {runs[run]['calls']} calls, random vectors"
        bars.append({"name": name, "value": value, "unit": "x", "limit": limit, "at_most": at_most, "holds": holds, "method": method})
    print("# Whole calls beside empty ones\n")
    print("Over a Unix socket, client and server on the same cores; medians over the runs. An empty call carries messages of")
    print("the same sizes to a server that answers with the same bytes.\n")
    print("| run | entries | callers | server | calls/s | p50, us | p99, us | CPU a call, us | memory, MB |")
    print("| --- | ---: | ---: | --- | ---: | ---: | ---: | ---: | ---: |")
    for name, run in runs.items():
        for i, target in enumerate(run["targets"]):
            cpu = target.get("server_cpu_us_a_call", {}).get("median")
            memory = target.get("server_resident_bytes", {}).get("median")
            print(f"| {name} | {run['entries']} | {run['callers']} | {'semcached' if i == 0 else target['target']} "
                  f"| {target['calls_per_second']['median']:.0f} | {target['p50_us']['median']:.0f} | {target['p99_us']['median']:.0f} "
                  f"| {'' if cpu is None else f'{cpu:.0f}'} | {'' if memory is None else f'{memory / 1e6:.0f}'} |")
    pathlib.Path(sys.argv[2]).write_text(json.dumps(bars, indent=2) + "\n")


main()
