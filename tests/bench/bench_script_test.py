#!/usr/bin/env python3
"""Runs scripts/bench.sh in a tree of stand-ins, whole and broken, and looks at its status."""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from some_run import some_run

ROOT = pathlib.Path(__file__).resolve().parents[2]

SERVER = """#!/bin/sh
[ -z "$NO_SERVER" ] || exit 3
while [ "$1" != --ready-file ]; do shift; done
# In one step, as the server does: whoever finds the file finds all of it.
echo '{"http": "http://127.0.0.1:1", "grpc_unix": "data.sock", "admin": "admin.sock"}' >"$2.tmp"
mv "$2.tmp" "$2"
exec sleep 60
"""
# Prints the run that the test has left beside it.
BENCH = """#!/bin/sh
[ -z "$NO_CALLS" ] || exit 2
while [ "$1" != --workload ]; do shift; done
cat "${0%/*}/$2.json"
while [ $# -gt 1 ]; do
  case $1 in --vectors | --miss-vectors) echo "$1: $(cat "$2")" >&2 ;; esac
  shift
done
"""
CTL = """#!/bin/sh
echo "{\\"warm_ratio\\": 1, \\"entry_count\\": ${ENTRIES:-1000000}}"
"""
# Adds no bars.
CHANGES = """import os, pathlib, sys
pathlib.Path(sys.argv[1]).write_text("[]")
print("| " + sys.argv[2] + " |")
sys.exit(2 if os.environ.get("NO_CHANGES") == sys.argv[2] else 0)
"""
INDEX = """#!/bin/sh
[ -z "$NO_INDEX" ] || exit 2
case "$*" in
  *"--write "*)
    echo "$2" >"${*##*--write }/entries.f32"
    echo others >"${*##*--write }/misses.f32"
    exit
    ;;
esac
echo '[]' >"$2"
mkdir "$4"
echo '<svg/>' >"$4/size-time.svg"
exit "${INDEX_STATUS:-0}"
"""
TEXT = """#!/bin/sh
[ -z "$NO_TEXT" ] || exit 2
echo '[]' >"$2"
exit "${TEXT_STATUS:-0}"
"""
# Makes the page it is told to write.
JOIN = """#!/bin/sh
echo "joined: $*"
[ "$3" != --page ] || echo "$1" >"$4"
exit "${JOIN_STATUS:-0}"
"""


class BenchScriptTest(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.root = pathlib.Path(directory.name)
        for file in ("scripts/bench.sh", "scripts/lib.sh", "bench/load_bars.py", "bench/start_bars.py"):
            (self.root / file).parent.mkdir(exist_ok=True)
            shutil.copy(ROOT / file, self.root / file)
        bin_directory = self.root / "build" / "release" / "bin"
        bin_directory.mkdir(parents=True)
        for file, text in (("scripts/install.sh", "#!/bin/sh\n"),
                           ("scripts/build.sh", '#!/bin/sh\n[ -z "$NO_BUILD" ]\n'),
                           ("bench/changes_bars.py", CHANGES),
                           (bin_directory / "semcached", SERVER),
                           (bin_directory / "semcached-bench", BENCH),
                           (bin_directory / "semcachectl", CTL),
                           (bin_directory / "semcached-bench-index", INDEX),
                           (bin_directory / "semcached-bench-text", TEXT),
                           (bin_directory / "semcached-eval-join", JOIN)):
            (self.root / file).write_text(text)
            (self.root / file).chmod(0o755)
        (self.root / "docs" / "performance").mkdir(parents=True)
        self.bin = bin_directory
        for workload in ("miss", "exact-hit", "lookup", "insert"):
            self.leave(workload, some_run(workload))

    def leave(self, workload, run):
        (self.bin / f"{workload}.json").write_text(json.dumps(run))

    def bench(self, *arguments, **environment):
        environment = {**os.environ, **environment, "SEMCACHED_DATA_DIR": ""}
        ended = subprocess.run([self.root / "scripts" / "bench.sh", *arguments], capture_output=True, text=True,
                               env=environment)
        self.output, self.errors = ended.stdout, ended.stderr
        return ended.returncode

    def test_all_is_measured(self):
        self.assertEqual(self.bench(), 0, self.errors)
        self.assertNotIn("not measured", self.errors)
        self.assertNotIn("--page", self.output)

    def test_calls_carry_the_vectors_of_the_data(self):
        data = self.root / "data"
        data.mkdir()
        (data / "queries.tsv").touch()
        self.assertEqual(self.bench("--only", "calls", "--data", str(data)), 0, self.errors)
        self.assertEqual(self.errors.count(f"--vectors: {data}"), 7)
        self.assertEqual(self.errors.count("--miss-vectors: others"), 7)
        self.assertEqual(self.bench("--only", "calls", "--data", str(data), NO_INDEX="1"), 2)
        self.assertIn("not measured, or in part, or not written: calls", self.errors)

    def test_a_bar_that_does_not_hold(self):
        self.assertEqual(self.bench("--only", "index", INDEX_STATUS="1", JOIN_STATUS="1"), 1)
        self.assertEqual(self.bench("--only", "text", TEXT_STATUS="1", JOIN_STATUS="1"), 1)

    def pages(self):
        return sorted(page.stem for page in (self.root / "docs" / "performance").glob("*.md"))

    def test_each_part_measured_has_its_page_written(self):
        self.assertEqual(self.bench("--write-docs"), 0)
        self.assertEqual(self.pages(), ["calls", "changes", "index", "start", "text"])
        self.assertTrue((self.root / "docs" / "performance" / "size-time.svg").exists())

    def test_a_page_stays_where_its_part_is_not_measured(self):
        self.assertEqual(self.bench("--write-docs", NO_INDEX="1", NO_CHANGES="expiry", NO_CALLS="1"), 2)
        self.assertEqual(self.pages(), ["text"])
        self.assertIn("docs/performance/index.md stays as it was", self.errors)

    def test_a_part_alone_has_its_page_written_alone(self):
        self.assertEqual(self.bench("--write-docs", "--only", "changes"), 0)
        self.assertEqual(self.pages(), ["changes"])

    def test_a_page_is_written_though_a_bar_does_not_hold(self):
        self.assertEqual(self.bench("--write-docs", "--only", "text", TEXT_STATUS="1", JOIN_STATUS="1"), 1)
        self.assertEqual(self.pages(), ["text"])

    def test_quick_figures_are_in_no_page(self):
        self.assertEqual(self.bench("--write-docs", "--quick"), 2)
        self.assertIn("not with --quick", self.errors)
        self.assertEqual(self.pages(), [])

    def test_a_page_without_a_place_for_the_report(self):
        self.assertEqual(self.bench("--write-docs", "--only", "index", JOIN_STATUS="2"), 2)
        self.assertIn("not written: index", self.errors)
        self.assertFalse((self.root / "docs" / "performance" / "size-time.svg").exists())

    def test_the_pages_have_a_place_for_it(self):
        for part in ("calls", "changes", "index", "start", "text"):
            page = (ROOT / "docs" / "performance" / f"{part}.md").read_text()
            self.assertLess(page.index("<!-- generated: begin -->"), page.index("<!-- generated: end -->"))

    def test_nothing_measured(self):
        for what in ("NO_SERVER", "NO_CALLS"):
            self.assertEqual(self.bench("--quick", "--only", "calls", **{what: "1"}), 2)
            self.assertIn("not measured: insert", self.errors)
        self.assertEqual(self.bench("--only", "index", NO_INDEX="1"), 2)
        self.assertEqual(self.bench("--only", "text", NO_TEXT="1"), 2)
        self.assertEqual(self.bench("--only", "start", NO_SERVER="1"), 2)
        self.assertEqual(self.bench("--quick", "--only", "start", ENTRIES="7"), 2)
        self.assertIn("7 entries are there", self.errors)
        self.assertEqual(self.bench(NO_BUILD="1"), 2)
        self.assertEqual(self.bench("--nonsense"), 2)

    def test_changes_that_are_not_measured(self):
        self.assertEqual(self.bench("--only", "changes"), 0)
        for what in ("eviction", "expiry", "rebuild"):
            self.assertEqual(self.bench("--only", "changes", NO_CHANGES=what), 2)
            self.assertIn("not measured, or in part, or not written: changes", self.errors)
        self.assertEqual(self.bench("--only", "changes", NO_SERVER="1"), 2)

    def test_a_run_that_cannot_be_believed(self):
        run = some_run("insert")
        run["targets"][0]["failed"] = 1
        self.leave("insert", run)
        self.assertEqual(self.bench("--quick", "--only", "calls", JOIN_STATUS="1"), 2)
        self.assertIn("not measured: insert", self.errors)


if __name__ == "__main__":
    unittest.main()
