#!/usr/bin/env python3
"""Plays minutes of a trace in real time against a real server, beside the simulation.

  live_replay.py BIN_DIR WORK_DIR MODEL_DIR MINUTES [DATA_DIR]

Starts semcached with the shipped categories in WORK_DIR and prints what `semcached-bench replay
--target` says of replay-code. The minutes begin one before a burst. The status is 1 if the server
failed to answer a call, 2 if something could not be measured.
"""
import os
import pathlib
import subprocess
import sys

from live_bars import NotMeasured, Server

# Minutes of the trace that are over before.
BEFORE_A_BURST = {"data": "2", "made": "14"}


def arguments(sockets, minutes, data):
    """Of semcached-bench."""
    of_trace = ["--from", BEFORE_A_BURST["data" if data else "made"], "--minutes", minutes]
    if data:
        of_trace += ["--data", data]
    return ["replay", "--workload", "replay-code", "--target", str(sockets / "data.sock"), "--admin",
            str(sockets / "admin.sock"), *of_trace]


def main():
    if len(sys.argv) not in (5, 6):
        print(__doc__, file=sys.stderr)
        return 2
    bin_directory, work, model = (pathlib.Path(argument) for argument in sys.argv[1:4])
    data = sys.argv[5] if len(sys.argv) == 6 else ""
    # As the server takes only the data that it is given, so does the bench.
    environment = {name: value for name, value in os.environ.items() if name != "SEMCACHED_DATA_DIR"}
    try:
        with Server(bin_directory, work, model) as server:
            sys.stdout.flush()
            command = [bin_directory / "semcached-bench", *arguments(server.work, sys.argv[4], data)]
            return subprocess.run(command, stdin=subprocess.DEVNULL, env=environment, check=False).returncode
    except NotMeasured as why:
        print(f"not measured: {why}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
