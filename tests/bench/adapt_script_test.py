#!/usr/bin/env python3
"""Runs scripts/adapt.sh in a tree of stand-ins, whole and broken, and looks at its status."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]

# Says what it was asked for, and leaves figures and a plot unless it is told not to.
ADAPT = """#!/bin/sh
echo "adapt: $*"
[ -z "$NO_FIGURES" ] || exit 2
while [ "$1" != --json ]; do shift; done
echo '[]' >"$2"
mkdir "$4"
echo '<svg/>' >"$4/replay.svg"
exit "${BARS:-0}"
"""
LIVE = """import os, pathlib, sys
pathlib.Path(sys.argv[1]).write_text("[]")
sys.exit(2 if os.environ.get("NO_SERVER") else 0)
"""
LIVE_REPLAY = """import os, sys
print("live replay:", *sys.argv[3:])
sys.exit(int(os.environ.get("REPLAY", "0")))
"""
JOIN = """#!/bin/sh
cat "$1/adapt.md"
echo "joined: $*"
exit "${BARS:-0}"
"""


class AdaptScriptTest(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.root = pathlib.Path(directory.name)
        (self.root / "scripts").mkdir()
        for script in ("adapt.sh", "lib.sh"):
            shutil.copy(ROOT / "scripts" / script, self.root / "scripts")
        for script in ("install.sh", "build.sh"):
            self.write(f"scripts/{script}", '#!/bin/sh\nexit "${BUILD:-0}"\n')
        self.write("build/release/bin/semcached-eval-adapt", ADAPT)
        self.write("build/release/bin/semcached-eval-join", JOIN)
        self.write("bench/live_bars.py", LIVE)
        self.write("bench/live_replay.py", LIVE_REPLAY)

    def write(self, name, content):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
        path.chmod(0o755)

    def run_script(self, *arguments, **environment):
        clean = {key: value for key, value in os.environ.items() if key != "SEMCACHED_DATA_DIR"}
        return subprocess.run([self.root / "scripts/adapt.sh", *arguments],
                              env=clean | environment, capture_output=True, text=True, check=False)

    def data(self):
        directory = self.root / "data"
        (directory / "traces").mkdir(parents=True)
        for name in ("pairs.tsv", "queries.tsv"):
            (directory / name).touch()
        return directory

    def test_status_says_whether_bars_hold(self):
        self.assertEqual(self.run_script().returncode, 0)
        self.assertEqual(self.run_script(BARS="1").returncode, 1)

    def test_no_figures_is_not_measured(self):
        self.assertEqual(self.run_script(NO_FIGURES="1").returncode, 2)
        self.assertEqual(self.run_script(BUILD="1").returncode, 2)
        self.assertEqual(self.run_script(NO_SERVER="1").returncode, 2)

    def test_wrong_arguments_are_told_and_nothing_is_run(self):
        for arguments in (["--fast"], ["--data"], ["--json"], ["--data", "/nowhere"], ["--live"],
                          ["--live", "soon"], ["--live", "0"]):
            result = self.run_script(*arguments)
            self.assertEqual(result.returncode, 2, arguments)
            self.assertIn("adapt.sh:", result.stderr)
            self.assertNotIn("adapt: --json", result.stdout)

    def test_passes_on_what_it_is_asked_for(self):
        directory = self.data()
        result = self.run_script("--quick", "--data", str(directory), "--json", "bars.json")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn(f"--data {directory.resolve()} --quick", result.stdout)
        self.assertIn(f"adapt live --json {os.path.realpath('bars.json')}", result.stdout)

    def test_plays_live_only_when_asked(self):
        self.assertNotIn("live replay", self.run_script().stdout)
        directory = self.data()
        result = self.run_script("--live", "5", "--data", str(directory), BARS="1")
        self.assertIn(f" 5 {directory.resolve()}\n", result.stdout)
        self.assertEqual(result.returncode, 1)
        self.assertTrue(self.run_script("--live", "5").stdout.endswith(" 5\n"))
        self.assertEqual(self.run_script("--live", "5", REPLAY="1").returncode, 2)

    def test_takes_the_data_from_the_environment(self):
        directory = self.data()
        result = self.run_script(SEMCACHED_DATA_DIR=str(directory))
        self.assertIn(f"--data {directory.resolve()}", result.stdout)

    def test_writes_docs_only_when_asked(self):
        self.run_script()
        self.assertFalse((self.root / "docs").exists())
        result = self.run_script("--write-docs")
        self.assertIn("--page docs/adaptation.md", result.stdout)
        self.assertTrue((self.root / "docs/adaptation/replay.svg").exists())

    def test_help_is_the_head_of_the_script(self):
        result = self.run_script("--help")
        self.assertEqual(result.returncode, 0)
        self.assertIn("scripts/adapt.sh [--quick]", result.stdout)


if __name__ == "__main__":
    unittest.main()
