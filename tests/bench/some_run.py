"""What `semcached-bench load --baseline rpc --json` prints of a run that went well."""

HIT_SHARES = {"miss": 0, "insert": 0, "exact-hit": 1, "lookup": 0.5}


def spread(value):
    return {"min": value, "median": value, "max": value}


def some_run(workload, calls=1000, runs=2):
    hits = int(calls * runs * HIT_SHARES[workload])

    def target(name):
        return {"target": name, "hits": hits, "failed": 0, "wrong": 0, "request_bytes_a_call": 1600,
                "answer_bytes_a_call": 2000, "calls_per_second": spread(100), "p50_us": spread(50),
                "p99_us": spread(90)}

    empty = ["empty rpc, queues", "empty rpc, callback"]
    targets = [target(name) for name in ["/a/socket", *empty]]
    targets[0]["settle_seconds"] = 3
    return {"workload": workload, "hit_share": HIT_SHARES[workload], "entries": 10, "callers": 1,
            "runs": runs, "calls": calls, "vectors": "random",
            "targets": targets,
            "ratios": [{"to": name, "p50": 1.2 + i, "p99": 1.1, "calls_per_second": 0.8 - i / 10}
                       for i, name in enumerate(empty)]}
