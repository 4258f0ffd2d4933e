#!/usr/bin/env python3
"""What bench/changes_bars.py makes of what it measured."""

import math
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "bench"))
import changes_bars

PAGE = """# HELP semcached_lookup_lock_wait_seconds Waits
semcached_lookup_lock_wait_seconds_count 7
semcached_lookup_lock_wait_seconds_bucket{le="1e-05"} 5
semcached_lookup_lock_wait_seconds_bucket{le="0.0002"} 6
semcached_lookup_lock_wait_seconds_bucket{le="+Inf"} 7
semcached_lookup_lock_wait_longest_seconds 0.0031
"""


def figures(p50, p99, hits=100):
    return {"p50_us": {"median": p50}, "p99_us": {"median": p99}, "hits": hits}


def a_round(changing, control, long_waits=0):
    return {"alone": figures(90, 100), "changing": figures(110, changing), "control": figures(100, control),
            "normal": 0.25, "low": 0.5, "waits": {0.0002: 10, math.inf: 10 + long_waits}}


class ChangesBarsTest(unittest.TestCase):
    def test_waits_are_read_from_the_page(self):
        self.assertEqual(changes_bars.lock_waits_on(PAGE), ({1e-5: 5, 0.0002: 6, math.inf: 7}, 0.0031))

    def test_a_page_without_waits_is_no_measurement(self):
        for page in ("", PAGE.replace("_longest", "_other"), PAGE.replace("0.0002", "0.0005")):
            with self.assertRaises(changes_bars.NotMeasured):
                changes_bars.lock_waits_on(page)

    def test_a_bar_is_the_median_of_ratios(self):
        measured = [a_round(300, 100), a_round(300, 200), a_round(900, 300)]
        p99, wait = changes_bars.bars_of("expiry", measured, 150e-6, 10)
        self.assertEqual((p99["value"], p99["limit"], p99["holds"]), (3, 2, False))
        self.assertAlmostEqual(wait["value"], 150)
        self.assertTrue(wait["holds"])

    def test_long_waits_are_counted(self):
        measured = [a_round(100, 100, long_waits=2), a_round(100, 100), a_round(100, 100, long_waits=1)]
        p99, wait = changes_bars.bars_of("rebuild", measured, 0.004, 10)
        self.assertTrue(p99["holds"])
        self.assertFalse(wait["holds"])
        self.assertIn("3 of 30000 lookups", wait["method"])
        self.assertIn("| 25 + 50 | 33 | 3 | 4000 |", changes_bars.row_of("rebuild", measured, 0.004))

    def test_what_cannot_be_believed(self):
        changes_bars.check("rebuild", figures(1, 1, 1000), figures(1, 1, 950), 0.3)
        changes_bars.check("expiry", figures(1, 1, 1000), figures(1, 1, 950), 0)
        with self.assertRaises(changes_bars.NotMeasured):
            changes_bars.check("expiry", figures(1, 1, 1000), figures(1, 1, 800), 0)
        with self.assertRaises(changes_bars.NotMeasured):
            changes_bars.check("rebuild", figures(1, 1, 1000), figures(1, 1, 1000), 0)


if __name__ == "__main__":
    unittest.main()
