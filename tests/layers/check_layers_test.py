#!/usr/bin/env python3
"""Plants small trees, good and bad, and expects check_layers to tell them apart."""

import pathlib
import sys
import tempfile

sys.dont_write_bytecode = True
import check_layers  # noqa: E402  (found beside this file)

# What is planted (path, its one line) -> what its only error says; None: no error.
CASES = [
    ("src/cache/lookup.cc", '#include "semcached/index/vector_index.h"', None),
    ("src/cache/lookup.cc", '#include "cache/quota.h"', None),
    ("src/policy/tuner.cc", '#include "semcached/cache/policy_source.h"', None),
    ("src/service/lookup.cc", '#include "semcached/v1/semantic_cache.grpc.pb.h"', None),
    ("include/semcached/base/mutex.h", "std::mutex mutex_;", None),
    ("src/index/flat.cc", "// not std::mutex", None),
    ("src/index/hnsw_graph.cc", "#include <hnswlib/hnswlib.h>", None),
    ("src/store/rocksdb_store.cc", "#include <rocksdb/db.h>", None),
    ("src/base/clock.cc", "#include <ctime>", None),
    ("src/embed/a.cc", '#include "semcached/http/http_client.h"', None),
    ("src/policy/a.cc", '#include "semcached/http/http_client.h"', None),
    ("src/service/a.cc", '#include "semcached/net/acceptor.h"', None),
    ("src/replay/trace.cc", "#include <nlohmann/json.hpp>", None),
    ("src/main/replay_command.cc", '#include "semcached/replay/study.h"', None),

    ("src/base/hash.cc", '#include "semcached/cache/policy_source.h"', "arrows point down"),
    ("include/semcached/cache/a.h", '#include "semcached/policy/tuner.h"', "arrows point down"),
    ("src/base/a.cc", '#include "semcached/http/http_client.h"', "arrows point down"),
    ("src/http/a.cc", '#include "semcached/embed/embedder.h"', "arrows point down"),
    ("src/net/a.cc", '#include "semcached/http/http_client.h"', "arrows point down"),
    ("src/net/a.cc", "#include <grpcpp/grpcpp.h>", "belongs in service, main alone"),
    ("src/index/flat.cc", '#include "semcached/store/document_store.h"', "arrows point down"),
    ("src/classify/a.cc", '#  include "semcached/embed/embedder.h"', "arrows point down"),
    ("src/replay/a.cc", '#include "semcached/service/server.h"', "arrows point down"),
    ("src/cache/a.cc", '#include "index/hnsw_graph.h"', "reaches into index"),
    ("include/semcached/index/a.h", '#include "index/hnsw_graph.h"', "stands inside"),
    ("src/cache/a.cc", '#include "semcached/attic/a.h"', "in no room"),
    ("src/attic/a.cc", "", "is no room"),
    ("src/cache/a.cc", '#include "semcached/v1/load.pb.h"', "belongs in service, main alone"),
    ("src/cache/a.cc", "#include <grpcpp/grpcpp.h>", "belongs in service, main alone"),
    ("src/index/hnsw_graph.h", "#include <hnswlib/hnswlib.h>", "index/hnsw_graph.cc alone"),
    ("include/semcached/store/rocksdb_store.h", "#include <rocksdb/db.h>", "belongs inside"),
    ("src/index/flat.cc", '#include "hnswlib/hnswlib.h"', "index/hnsw_graph.cc alone"),
    ("src/cache/a.cc", "#include <rocksdb/db.h>", "store/skipping_iterator.* alone"),
    ("src/config/watcher.cc", "#include <yaml-cpp/yaml.h>", "config/yaml_document.cc alone"),
    ("src/embed/wordpiece.cc", "#include <onnxruntime_cxx_api.h>", "embed/sentence_encoder.cc alone"),
    ("src/service/a.cc", "#include <curl/curl.h>", "http/http_client.cc alone"),
    ("src/cache/a.cc", "#include <spdlog/spdlog.h>", "base/log.cc alone"),
    ("src/cache/a.cc", "#include <boost/any.hpp>", "has no door"),
    ("src/cache/a.cc", "std::mutex mutex_;", "locks come from base/mutex.h"),
    ("src/cache/a.cc", "std::lock_guard<std::shared_mutex> l(m);", "locks come from"),
    ("src/cache/a.cc", "absl::MutexLock l(&m); absl::Mutex m;", "locks come from"),
]


def errors_with(path, line):
    with tempfile.TemporaryDirectory() as root:
        file = pathlib.Path(root) / path
        file.parent.mkdir(parents=True)
        file.write_text(f"// A file.\n{line}\n", encoding="utf-8")
        return check_layers.check(root)[0]


def main():
    failures = 0
    for path, line, expected in CASES:
        errors = errors_with(path, line)
        good = not errors if expected is None else len(errors) == 1 and expected in errors[0]
        if not good:
            failures += 1
            print(f"{path}: {line}\n  expected {expected}\n  got      {errors}")
    print(f"{len(CASES) - failures} passed, {failures} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
