#!/usr/bin/env python3
"""How soon a server that stopped with a full cache answers from it again.

  start_bars.py OUT.json SEMCACHED SEMCACHECTL CONFIG ENTRIES [RUNS]

CONFIG's store holds ENTRIES entries and nobody serves it. Starts and stops the server RUNS (default
3) times; prints a row of a table and adds the bars to those that OUT.json holds. The status is 2 if a
start came to nothing.
"""
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

# entries: seconds until 99 % of the entries can be found
LIMITS = {100_000: 2.0, 1_000_000: 15.0}
LOOK = 0.02
# A look is a process, which takes CPU time from the start that is timed.
WARM_LOOK = 0.1
PATIENCE = 120.0


class NotMeasured(Exception):
    """Why there is no figure."""


def await_true(what, condition, server, look=LOOK):
    begin = time.monotonic()
    while not condition():
        if server.poll() is not None:
            raise NotMeasured(f"the server ended with {server.returncode} before it was {what}")
        if time.monotonic() - begin > PATIENCE:
            raise NotMeasured(f"the server was not {what} within {PATIENCE:.0f} s")
        time.sleep(look)


def ask(ctl, addresses, command):
    asked = subprocess.run([ctl, "--target", addresses["grpc_unix"], "--admin", addresses["admin"], "--json", command],
                           capture_output=True, check=False)
    return json.loads(asked.stdout) if asked.returncode == 0 else {}


def stop(server):
    server.terminate()
    try:
        server.wait(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        server.kill()


def time_one_start(semcached, ctl, config, entries):
    with tempfile.TemporaryDirectory() as directory:
        ready = pathlib.Path(directory, "ready.json")
        begin = time.monotonic()
        server = subprocess.Popen([semcached, "--config", config, "--ready-file", str(ready)],
                                  stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            await_true("listening", ready.exists, server)
            listening = time.monotonic() - begin
            addresses = json.loads(ready.read_text(encoding="utf-8"))
            await_true("warm", lambda: ask(ctl, addresses, "health").get("warm_ratio", 0) >= 0.99, server, WARM_LOOK)
            warm = time.monotonic() - begin
            found = int(ask(ctl, addresses, "stats").get("entry_count", 0))
            if found < 0.99 * entries:
                raise NotMeasured(f"{found} entries are there")
            return listening, warm
        finally:
            stop(server)


def main():
    if len(sys.argv) not in (6, 7):
        print(__doc__, file=sys.stderr)
        return 2
    out, semcached, ctl, config, entries = sys.argv[1:6]
    entries = int(entries)
    runs = int(sys.argv[6]) if len(sys.argv) == 7 else 3
    try:
        times = [time_one_start(semcached, ctl, config, entries) for _ in range(runs)]
    except NotMeasured as why:
        print(f"not measured: a start with {entries} entries: {why}", file=sys.stderr)
        return 2
    listening = statistics.median(one for one, _ in times)
    warm = statistics.median(one for _, one in times)
    print(f"| {entries} | {listening:.2f} | {warm:.2f} | {max(one for _, one in times):.2f} |")
    limit = LIMITS.get(entries)
    file = pathlib.Path(out)
    bars = json.loads(file.read_text(encoding="utf-8")) if file.exists() else []
    if limit is not None:
        bars.append({"name": f"speed.8 warm start, {entries:,} entries", "value": warm, "unit": "s", "limit": limit, "at_most": True,
                     "holds": warm <= limit,
                     "method": f"from the start of the process until 99 % of the entries can be found, median of {runs}; files in the page cache"})
    file.write_text(json.dumps(bars, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
