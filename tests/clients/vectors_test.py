#!/usr/bin/env python3
"""Holds clients/python to the vectors, and to what the specification promises of any request."""

import copy
import json
import pathlib
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "clients" / "python"))
from semcached_scope import ChatScope, NotCached, canonical, chat_scope  # noqa: E402
from some_requests import leaves_of, printed_random, some_request, with_keys_shuffled  # noqa: E402

FILE = json.loads((ROOT / "clients" / "test_vectors.json").read_text(encoding="utf-8"))
VECTORS = {vector["name"]: vector for vector in FILE["vectors"]}


def found_by(vector):
    request = vector["request"] if "request" in vector else json.loads(vector["request_json"])
    before = copy.deepcopy(request)
    found = chat_scope(request, vector["namespace"])
    assert repr(request) == repr(before), "chat_scope changed the request"
    return found


class Vectors(unittest.TestCase):
    def test_there_are_vectors_of_both_kinds(self):
        kinds = {type(found_by(vector)) for vector in VECTORS.values()}
        self.assertEqual(kinds, {ChatScope, NotCached})
        self.assertEqual(len(VECTORS), len(FILE["vectors"]), "two vectors have one name")

    def test_values_have_their_spelling(self):
        for pair in FILE["values"]:
            self.assertEqual(canonical(pair["value"]).decode(), pair["canonical"])

    def test_requests_come_to_what_is_expected(self):
        for name, vector in VECTORS.items():
            with self.subTest(name):
                self.assertEqual(found_by(vector)._asdict(), vector["expect"])

    def test_contexts_are_equal_or_not_as_their_vectors_say(self):
        for name, vector in VECTORS.items():
            with self.subTest(name):
                for key, equal in (("same_context_as", True), ("other_context_than", False)):
                    if key in vector:
                        other = found_by(VECTORS[vector[key]])
                        self.assertEqual(found_by(vector).context == other.context, equal)


class AnyRequest(unittest.TestCase):
    def setUp(self):
        self.random = printed_random()

    def test_the_order_of_keys_means_nothing(self):
        for _ in range(200):
            request = some_request(self.random)
            shuffled = with_keys_shuffled(self.random, request)
            self.assertEqual(chat_scope(request, "acme"), chat_scope(shuffled, "acme"))

    def test_every_leaf_but_the_query_shapes_the_context(self):
        for _ in range(50):
            request = some_request(self.random)
            contexts = {chat_scope(request, "acme").context}
            changed = list(leaves_of(request))
            for one in changed:
                contexts.add(chat_scope(one, "acme").context)
            self.assertEqual(len(contexts), 1 + len(changed), request)

    def test_only_json_has_a_spelling(self):
        for value in (b"bytes", {1}, object(), float("nan"), float("-inf"), {"a": (1,)}, 2 ** 64):
            with self.assertRaises(ValueError):
                canonical(value)
        self.assertEqual(chat_scope(some_request(self.random), "a\udc80"), ("not_canonical",))


if __name__ == "__main__":
    unittest.main()
