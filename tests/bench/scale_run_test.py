#!/usr/bin/env python3
"""What scripts/scale.sh says of figures, and what it refuses before it begins. No program is run."""

import argparse
import contextlib
import io
import pathlib
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "bench"))
import scale_run  # noqa: E402

MIB = 1 << 20


def stats(factor):
    return {"entries": 1000 * factor, "in_graphs": 7 * factor, "scopes": 20, "charged": 2 * MIB * factor,
            "memory": {"index": 3 * MIB * factor, "store": MIB}, "disk": {"entries": 4 * MIB * factor, "log": MIB},
            "process": {"resident": (50 + 10 * factor) * MIB, "heap": 40 * MIB, "peak": 99 * MIB}}


def some_figures():
    lookup = {"p50_us": 60.0, "p99_us": 120.0, "hit_share": 1.0}
    lookups = {"exact_hit": lookup, "semantic_hit": lookup, "miss": {**lookup, "hit_share": 0.0}}
    return {"entries": 1000, "categories": 4, "namespaces": 5, "index": "auto", "durability": "process", "response_bytes": 2000,
            "empty": {**stats(0), "idle_cores": 0.01}, "fill_seconds": 0.5, "settle_seconds": 3.0, "idle_cores": 0.02, "settled": stats(1),
            "lookups": lookups, "stop_seconds": 0.2, "du_bytes": 5 * MIB, "listening_seconds": 0.1, "warm_seconds": 0.4,
            "graphs_again_seconds": 2.0, "again": stats(1), "lookups_again": lookups}


class ScaleRunTest(unittest.TestCase):
    def test_the_report_tells_bytes_an_entry_by_component(self):
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            scale_run.print_report(some_figures())
        for row in ("| filled, entries/s | 2,000 |", "| counted: index | 3 | 3,146 | 3 |", "| counted, in all | 4 | 4,194 | 4 |",
                    "| resident beyond what it was empty | 10 | 10,486 | 10 |", "| log | 1 | 1,049 | 1 |", "| miss | 60 | 120 | 0.00 % | 60 | 120 |"):
            self.assertIn(row + "\n", printed.getvalue())

    def test_idle_is_who_does_nothing_or_always_as_little(self):
        self.assertTrue(scale_run.is_idle([0.9, 0.02]))
        self.assertFalse(scale_run.is_idle([0.2]))
        self.assertTrue(scale_run.is_idle([0.9, 0.2, 0.21, 0.2, 0.19]))
        self.assertFalse(scale_run.is_idle([0.2, 0.2, 0.3, 0.2]))
        self.assertFalse(scale_run.is_idle([0.9, 0.9, 0.9, 0.9]))

    def test_what_does_not_fit_is_refused_with_the_remedy(self):
        with tempfile.TemporaryDirectory() as directory:
            options = argparse.Namespace(entries=10**12, response_bytes=2000, run=pathlib.Path(directory))
            with self.assertRaisesRegex(scale_run.NotMeasured, "MiB of memory.*fewer --entries"):
                scale_run.check_room(options)

    def test_entries_are_spread_over_the_categories_of_the_server(self):
        with tempfile.TemporaryDirectory() as directory:
            run = pathlib.Path(directory)
            scale_run.write_files(argparse.Namespace(run=run, entries=30, categories=3, namespaces=2, index="flat", durability="memory",
                                                     response_bytes=10))
            self.assertEqual(sorted(file.name for file in (run / "categories").iterdir()), [f"category-0000{i}.yaml" for i in range(3)])
            self.assertIn('"namespaces": 2', (run / "miss.json").read_text())
            self.assertIn("default_category: category-00000\n", (run / "semcached.yaml").read_text())


if __name__ == "__main__":
    unittest.main()
