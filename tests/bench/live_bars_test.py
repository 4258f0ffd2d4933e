#!/usr/bin/env python3
"""What bench/live_bars.py makes of figures. No program is run."""

import contextlib
import io
import pathlib
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "bench"))
import live_bars  # noqa: E402


def landing(calls, longest, wrong=0):
    return {"hits": 1000 - calls, "model_calls": calls, "leases": 1, "wrong": wrong, "failed": 0,
            "longest_seconds": longest, "bound_seconds": 3.0}


class LiveBarsTest(unittest.TestCase):
    def test_the_formula_is_that_of_the_paper(self):
        self.assertAlmostEqual(live_bars.break_even(30, 30), 6.0)
        self.assertAlmostEqual(live_bars.break_even(2, 2), 0.4)
        self.assertAlmostEqual(live_bars.break_even(0.13, 0.13), 0.026)
        self.assertEqual(live_bars.break_even(600, 2), 100)

    def test_costs_are_read_from_the_statistics(self):
        stats = {"categories": [
            {"category": "code", "economics": {"hit_rate": 0.4, "hit_cost": "0.000050s", "miss_cost": "0.002500s"}},
            {"category": "medical", "economics": {"hit_rate": 0, "miss_cost": "0.003s"}},
            {"category": "never-asked", "economics": {"time_saved": "0s"}}]}
        found = live_bars.costs(stats)
        self.assertEqual(set(found), {"code", "medical"})
        for got, expected in zip(found["code"], (40, 0.05, 2.5)):
            self.assertAlmostEqual(got, expected)
        self.assertEqual(found["medical"], (0, 3, 3))

    def test_runs_are_joined_by_their_medians(self):
        runs = [{"code": (40, 1, 3), "odd": (1, 1, 1)}, {"code": (41, 9, 2)}, {"code": (39, 2, 8)}]
        self.assertEqual(live_bars.median_costs(runs), {"code": (40, 2, 3)})

    def test_the_worst_category_is_judged(self):
        bars = live_bars.economics_bars({"code": (40, 0.05, 2.0), "medical": (0, 4, 4)}, (50, 0.05, 0.05))
        self.assertIn("medical", bars[0]["method"])
        self.assertFalse(bars[0]["holds"])
        self.assertTrue(bars[1]["holds"])

    def test_single_flight_is_judged_by_calls_and_waits(self):
        good = {"callers": 1000, "answered": landing(1, 2.1), "dead_holder": landing(1000, 3.05)}
        self.assertTrue(all(bar["holds"] for bar in live_bars.flight_bars(good)))
        many = {**good, "answered": landing(3, 2.1)}
        self.assertFalse(live_bars.flight_bars(many)[0]["holds"])
        late = {**good, "dead_holder": landing(1000, 4.0)}
        self.assertFalse(live_bars.flight_bars(late)[1]["holds"])
        wrong = {**good, "answered": landing(1, 2.1, wrong=1)}
        self.assertFalse(live_bars.flight_bars(wrong)[2]["holds"])

    def test_the_tables_have_a_row_for_each(self):
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            live_bars.print_economics({"code": (40, 0.05, 2.0)}, (50, 0.04, 0.05))
            live_bars.print_flight({"callers": 1000, "answered": landing(1, 2.1), "dead_holder": landing(1000, 3.05)})
        self.assertIn("| code | text | 40.0 | 0.050 | 2.000 | 0.398 | 6.38 |", printed.getvalue())
        self.assertIn("| is dead | 1000 | 0 | 0 | 3.05 | 3 |", printed.getvalue())


if __name__ == "__main__":
    unittest.main()
