#!/usr/bin/env python3
"""Gives load_bars good runs and bad ones: a bad one has no bars, and is told."""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

from some_run import some_run

PROGRAM = pathlib.Path(__file__).resolve().parents[2] / "bench" / "load_bars.py"


class LoadBarsTest(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = pathlib.Path(directory.name)

    def judge(self, *names, **runs):
        for name, run in runs.items():
            (self.directory / f"{name.replace('_', '-')}.json").write_text(json.dumps(run))
        out = self.directory / "bars"
        ended = subprocess.run([sys.executable, PROGRAM, self.directory, out, *names], capture_output=True, text=True)
        self.bars = json.loads(out.read_text()) if out.exists() else None
        self.report, self.errors = ended.stdout, ended.stderr
        return ended.returncode

    def expect_refused(self, run, why, name="many-10000"):
        self.assertEqual(self.judge(name, **{name: run}), 2)
        self.assertEqual(self.bars, [])
        self.assertIn(f"not measured: {name}: ", self.errors)
        self.assertIn(why, self.errors)
        self.assertIn(f"Not measured: {name}: ", self.report)

    def test_a_good_run_has_its_bars(self):
        self.assertEqual(self.judge("exact-hit", "insert", exact_hit=some_run("exact-hit"), insert=some_run("insert")), 0)
        values = {bar["name"]: (bar["value"], bar["holds"]) for bar in self.bars}
        self.assertEqual(values, {"speed.2 exact hit: p50": (2.2, False), "speed.4 insert: p50": (2.2, True)})
        self.assertEqual(self.errors, "")
        self.assertNotIn("ot measured", self.report)

    def test_of_calls_a_second_the_lower_ratio_counts(self):
        self.judge("many-exact-hit", many_exact_hit=some_run("exact-hit"))
        self.assertAlmostEqual(self.bars[0]["value"], 0.7)

    def test_a_run_that_is_not_there(self):
        self.assertEqual(self.judge("insert", "exact-hit", insert=some_run("insert")), 2)
        self.assertIn("not measured: exact-hit: it left no figures", self.errors)
        self.assertEqual([bar["name"] for bar in self.bars], ["speed.4 insert: p50"])

    def test_a_run_that_broke_off(self):
        for left in ("", '{"workload": '):
            (self.directory / "insert.json").write_text(left)
            self.assertEqual(self.judge("insert"), 2)
            self.assertEqual(self.bars, [])

    def test_failures_and_wrong_answers(self):
        for what in ("failed", "wrong"):
            for server in (0, 2):
                run = some_run("lookup")
                run["targets"][server][what] = 1
                self.expect_refused(run, f"1 {what}")

    def test_one_hit_too_few_and_one_too_many(self):
        run = some_run("exact-hit")
        run["targets"][0]["hits"] -= 1
        self.expect_refused(run, "1999 hits of 2000 calls, of which 2000 should be", name="exact-hit")
        run = some_run("miss")
        run["targets"][0]["hits"] += 1
        self.expect_refused(run, "1 hits of 2000 calls, of which 0 should be", name="miss-10000")

    def test_about_as_many_hits_as_are_asked_for(self):
        run = some_run("lookup")
        run["targets"][0]["hits"] = 900
        self.assertEqual(self.judge("many-10000", **{"many-10000": run}), 0)
        for hits in (0, 850, 1150, 2000):
            run["targets"][0]["hits"] = hits
            self.expect_refused(run, "of which 1000 should be")

    def test_empty_calls_of_other_sizes(self):
        for figure in ("request_bytes_a_call", "answer_bytes_a_call"):
            run = some_run("lookup")
            run["targets"][1][figure] *= 1.1
            self.expect_refused(run, f"empty rpc, queues: {figure}")

    def test_a_server_that_nobody_saw_at_rest(self):
        run = some_run("lookup")
        del run["targets"][0]["settle_seconds"]
        self.expect_refused(run, "nobody waited until the server rested")

    def test_no_empty_calls(self):
        run = some_run("lookup")
        run["ratios"] = []
        self.expect_refused(run, "no empty server")

    def test_no_run_and_an_unknown_run(self):
        self.assertEqual(self.judge(), 2)
        self.assertEqual(self.judge("many-10"), 2)
        self.assertIsNone(self.bars)


if __name__ == "__main__":
    unittest.main()
