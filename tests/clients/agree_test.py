#!/usr/bin/env python3
"""The two implementations come to the same over requests that nobody has written down.

    agree_test.py NODE
"""

import json
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "clients" / "python"))
from semcached_scope import chat_scope  # noqa: E402
from some_requests import printed_random, some_request  # noqa: E402

# Reads a request a line, writes what it came to, a line each.
SCRIPT = """
import { chatScope } from "%s";
import { createInterface } from "node:readline";
for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(chatScope(JSON.parse(line), "acme")));
}
""" % (ROOT / "clients" / "node" / "semcached-scope.mjs").as_uri()


def main():
    rng = printed_random()
    requests = [some_request(rng) for _ in range(1000)]
    lines = "".join(json.dumps(request) + "\n" for request in requests)
    node = subprocess.run([sys.argv[1], "--input-type=module", "--eval", SCRIPT], input=lines,
                          capture_output=True, encoding="utf-8", check=False)
    sys.stderr.write(node.stderr)
    answers = node.stdout.splitlines()
    if node.returncode != 0 or len(answers) != len(requests):
        return 1
    for request, answer in zip(requests, answers):
        ours = chat_scope(request, "acme")._asdict()
        if json.loads(answer) != ours:
            print("differ over", json.dumps(request), ours, answer, sep="\n")
            return 1
    print(len(requests), "requests")
    return 0


if __name__ == "__main__":
    sys.exit(main())
