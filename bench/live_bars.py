#!/usr/bin/env python3
"""What a real server says of economics and of single flight.

  live_bars.py OUT.json BIN_DIR WORK_DIR MODEL_DIR

Starts semcached with the shipped categories in WORK_DIR, sends it the tour's questions (texts) and
random vectors, reads from its statistics what hits and misses cost, and what hit rate breaks even
before a model of 500 ms; then sends a thousand near-identical misses at once, with a holder of the
lease that answers and with one that is dead. Prints two tables and writes the bars. The status is 2
if something could not be measured.
"""
import json
import pathlib
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
MODEL_MS = 500.0
DELAY_MS = 30.0  # of a remote vector search
LIMITS = {"vector": 0.03, "text": 0.5}  # percent
CALLERS = 1000
RUNS = 3  # of each measurement of costs, on a server of its own; medians count
PATIENCE = 120.0

CONFIG = """listen:
  unix: {work}/data.sock
admin:
  unix: {work}/admin.sock
http: 127.0.0.1:0
store:
  path: {work}/store
categories: {root}/config/categories
embedders:
  default:
    type: onnx
    model: {model}/all-MiniLM-L6-v2.onnx
    tokenizer: {model}/tokenizer.json
"""


class NotMeasured(Exception):
    """Why there is no figure."""


def break_even(hit_ms, miss_ms, model_ms=MODEL_MS):
    """In percent: cost of a miss / (latency of the model - cost of a hit + cost of a miss)."""
    gain = model_ms - hit_ms
    return 100.0 if gain <= 0 else 100.0 * miss_ms / (gain + miss_ms)


def milliseconds(duration):
    """Of a Duration as JSON writes it, e.g. "0.0021s"."""
    return 1000.0 * float(duration.rstrip("s"))


def costs(stats):
    """By category that has been asked: hit rate in percent, mean costs of hits and misses in ms."""
    found = {}
    for category in stats.get("categories", []):
        economics = category.get("economics", {})
        if "hit_rate" not in economics or "miss_cost" not in economics:
            continue
        miss = milliseconds(economics["miss_cost"])
        hit = milliseconds(economics.get("hit_cost", economics["miss_cost"]))
        found[category["category"]] = (100.0 * float(economics["hit_rate"]), hit, miss)
    return found


def run(command, what):
    ended = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    if not ended.stdout:
        raise NotMeasured(f"{what} ended with {ended.returncode}: {ended.stderr.strip()[-500:]}")
    return ended.stdout


class Server:
    """semcached in a directory of its own."""

    def __init__(self, bin_directory, work, model):
        self.bin, self.work = bin_directory, work
        work.mkdir(parents=True)
        config = work / "semcached.yaml"
        config.write_text(CONFIG.format(work=work, root=ROOT, model=model), encoding="utf-8")
        ready = work / "ready.json"
        self.process = subprocess.Popen(
            [bin_directory / "semcached", "--config", config, "--ready-file", ready],
            stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        begin = time.monotonic()
        while not ready.exists():
            if self.process.poll() is not None or time.monotonic() - begin > PATIENCE:
                self.process.kill()
                raise NotMeasured("the server did not get ready")
            time.sleep(0.05)

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.process.terminate()
        try:
            self.process.wait(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()

    def bench(self, *arguments):
        return run([self.bin / "semcached-bench", *arguments], "semcached-bench " + arguments[0])

    def stats(self):
        return json.loads(run([self.bin / "semcachectl", "--admin", self.work / "admin.sock", "--json", "stats"],
                              "semcachectl stats"))


def median_costs(runs):
    """Of several runs, each by category: the median of every figure, of the categories that all have."""
    names = set.intersection(*(set(run) for run in runs))
    return {name: tuple(statistics.median(figures) for figures in zip(*(run[name] for run in runs))) for name in names}


def measure_texts(server):
    server.bench("tour", "--queries", "demo/queries.tsv", "--unix", str(server.work / "data.sock"), "--json")
    found = costs(server.stats())
    if not found:
        raise NotMeasured("the tour left no economics")
    return found


def measure_vectors(server):
    server.bench("load", "--target", str(server.work / "data.sock"), "--workload", "lookup", "--entries", "10000",
                 "--calls", "20000", "--category", "code", "--json")
    found = costs(server.stats())
    if "code" not in found:
        raise NotMeasured("the load left no economics")
    return found


def print_economics(texts, vectors):
    print("## What pays\n")
    print(f"Means within the server, medians of {RUNS} runs, before a model of {MODEL_MS:.0f} ms. The last column adds {DELAY_MS:.0f} ms, as of a remote "
          "vector search, to both hits and misses. Texts are those of the tour, embedding included; vectors are random ones, "
          "10,000 entries.\n")
    print("| category | given | hit rate, % | a hit, ms | a miss, ms | pays from, % | with 30 ms more, % |")
    print("| --- | --- | ---: | ---: | ---: | ---: | ---: |")
    rows = [(name, "text", *figures) for name, figures in sorted(texts.items())]
    rows.append(("code", "vector", *vectors))
    for name, given, rate, hit, miss in rows:
        print(f"| {name} | {given} | {rate:.1f} | {hit:.3f} | {miss:.3f} | {break_even(hit, miss):.3f} | "
              f"{break_even(hit + DELAY_MS, miss + DELAY_MS):.2f} |")
    print()


def economics_bars(texts, vectors):
    worst = max(texts, key=lambda name: break_even(*texts[name][1:]))
    return [bar("load.4 break-even hit rate, text, worst category", break_even(*texts[worst][1:]), "%", LIMITS["text"],
                f"means of the tour's lookups in {worst}, embedding included, before a model of 500 ms; median of {RUNS} runs"),
            bar("load.4 break-even hit rate, vector", break_even(*vectors[1:]), "%", LIMITS["vector"],
                f"means of 20,000 lookups among 10,000 entries, half of them hits, before a model of 500 ms; median of {RUNS} runs")]


def print_flight(flight):
    print("## Single flight\n")
    print(f"{flight['callers']} near-identical lookups with on_miss LEASE at once, over one connection.\n")
    print("| holder of the lease | model calls | hits | wrong | longest wait, s | bound, s |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for name, key in (("answers", "answered"), ("is dead", "dead_holder")):
        one = flight[key]
        print(f"| {name} | {one['model_calls']} | {one['hits']} | {one['wrong']} | {one['longest_seconds']:.2f} | "
              f"{one['bound_seconds']:.0f} |")
    print()


def flight_bars(flight):
    answered, dead = flight["answered"], flight["dead_holder"]
    late = max(one["longest_seconds"] - one["bound_seconds"] for one in (answered, dead))
    return [bar("load.5 model calls for 1,000 near-identical misses", answered["model_calls"], "calls", 2,
                "all sent at once to an empty cache; the holder of the lease answers after 2 s"),
            bar("load.5 waited past its bound, at most", late, "s", 0.5,
                "the longest of 2,000 lookups, half of them with a dead holder; measured by the caller, on a busy machine"),
            bar("load.5 wrong answers", answered["wrong"] + dead["wrong"], "answers", 0, "of those lookups")]


def bar(name, value, unit, limit, method):
    return {"name": name, "value": value, "unit": unit, "limit": limit, "at_most": True, "holds": value <= limit,
            "method": method}


def main():
    if len(sys.argv) != 5:
        print(__doc__, file=sys.stderr)
        return 2
    out, bin_directory, work, model = (pathlib.Path(argument) for argument in sys.argv[1:])
    try:
        texts, vectors = [], []
        for number in range(RUNS):
            with Server(bin_directory, work / f"texts-{number}", model) as server:
                texts.append(measure_texts(server))
            with Server(bin_directory, work / f"vectors-{number}", model) as server:
                vectors.append(measure_vectors(server))
        texts, vectors = median_costs(texts), median_costs(vectors)["code"]
        with Server(bin_directory, work / "flight", model) as server:
            flight = json.loads(server.bench("flight", "--target", str(server.work / "data.sock"), "--callers",
                                             str(CALLERS), "--json"))
    except NotMeasured as why:
        print(f"not measured: {why}", file=sys.stderr)
        return 2
    print_economics(texts, vectors)
    print_flight(flight)
    bars = economics_bars(texts, vectors) + flight_bars(flight)
    out.write_text(json.dumps(bars, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
