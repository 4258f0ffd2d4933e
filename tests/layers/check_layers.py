#!/usr/bin/env python3
"""Reads the includes of include/ and src/ and fails on what breaks the plan of the house.

    check_layers.py [ROOT]       ROOT: the project, default two folders up

1. Arrows point down: a room includes its own files and the doors (include/semcached/ROOM/) of rooms
   on lower floors; siblings do not know each other, and nobody reaches into another room's src/.
2. A third party stays behind its door: the files of src/ that may include it are named below, and
   no header of include/ shows any but Abseil and, in the service room, gRPC.
3. Locks come from base/mutex.h: Debian's absl::Mutex is not built for ThreadSanitizer, and std's
   carry no annotations.

Only the standard library's small part that python3-minimal has.
"""

import fnmatch
import pathlib
import re
import sys

FLOORS = {
    "base": 0,
    "http": 1, "net": 1,
    "config": 2, "embed": 2, "classify": 2, "index": 2, "store": 2, "guard": 2, "verify": 2,
    "cache": 3, "access": 3,
    "policy": 4,
    "service": 5, "replay": 5,
    "main": 6,
}

EVERYWHERE = list(FLOORS)
PROTO_ROOMS = ["service", "main"]

# What is included -> what may include it: a room, or files of it.
DOORS = [
    (r".*\.pb\.h$|(grpc|grpcpp|google/protobuf)/", PROTO_ROOMS),
    (r"hnswlib(/|\.h$)", ["index/hnsw_graph.cc"]),
    (r"rocksdb/", ["store/rocksdb_*", "store/expiry_filter.*", "store/skipping_iterator.*"]),
    (r"yaml-cpp/", ["config/yaml_document.cc"]),
    (r"onnxruntime", ["embed/sentence_encoder.cc"]),
    (r"curl/", ["http/http_client.cc"]),
    (r"nlohmann/", ["embed", "main", "replay/trace.cc", "replay/workload.cc"]),
    (r"spdlog/", ["base/log.cc"]),
    (r"prometheus/", ["base/metrics.cc"]),
    (r"sodium", ["base", "embed"]),
    (r"utf8proc", ["base", "embed"]),
    (r"libdeflate\.h$", ["base/hash.cc"]),
    (r"CLI/", ["main"]),
    (r"httplib\.h$", ["service", "main"]),
    (r"absl/", EVERYWHERE),
    # The C++ library has no extension; the rest is the C library's and the system's.
    (r"[a-z_]+$", EVERYWHERE),
    (r"(sys|netinet|arpa|linux)/[a-z_0-9]+\.h$", EVERYWHERE),
    (r"(cpuid|dirent|dlfcn|errno|fcntl|immintrin|malloc|netdb|poll|pthread|sched|signal|stdlib|unistd)\.h$",
     EVERYWHERE),
]

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
LOCK = re.compile(r"\b(std::(recursive_|timed_|recursive_timed_|shared_|shared_timed_)?mutex\b"
                  r"|std::condition_variable|absl::(Mutex|CondVar|ReaderMutexLock|WriterMutexLock))")
# hnswlib's own locks are freed where it is included.
LOCK_DOORS = ("base/mutex.h",)


def code_of(line):
    """The line without its // comment and the text of its strings."""
    return re.sub(r"//.*", "", re.sub(r'"(\\.|[^"\\])*"', '""', line))


def place_of(path):
    """The room of a file and its path from there: src/base/log.cc is ('base', 'base/log.cc')."""
    parts = path.parts[2:] if path.parts[0] == "include" else path.parts[1:]
    return parts[0], "/".join(parts)


def arrow_error(path, room, target):
    """Why this file of the room may not include a file of the project, or None."""
    public = target.startswith("semcached/")
    other = target.split("/")[1 if public else 0]
    if other not in FLOORS:
        return f'"{target}" is in no room'
    if public:
        if other != room and FLOORS[other] >= FLOORS[room]:
            return (f'{room} (floor {FLOORS[room]}) includes "{target}" '
                    f"(floor {FLOORS[other]}); arrows point down")
        return None
    if other != room:
        return f'{room} reaches into {other} by "{target}"; a door is semcached/{other}/...'
    if path.parts[0] == "include":
        return f'a door shows "{target}", which stands inside'
    return None


def door_error(path, room, file, target):
    """Why this file may not include a third party's header, or None."""
    for pattern, allowed in DOORS:
        if re.match(pattern, target):
            if path.parts[0] == "include" and allowed not in (EVERYWHERE, PROTO_ROOMS):
                return f"a door shows <{target}>, which belongs inside"
            if any(door == room or fnmatch.fnmatchcase(file, door) for door in allowed):
                return None
            return f"<{target}> belongs in {', '.join(allowed)} alone"
    return f"<{target}> has no door; name one in tests/layers/check_layers.py"


def errors_of(root, path):
    room, file = place_of(path)
    if room not in FLOORS:
        yield f"{path}:1: {room} is no room"
        return
    for number, line in enumerate((root / path).read_text(encoding="utf-8").splitlines(), 1):
        found = INCLUDE.match(line)
        if found:
            quoted, target = found.group(1) == '"', found.group(2)
            own = quoted and not target.endswith(".pb.h") and "/" in target
            own = own and target.split("/")[0] in {"semcached", *FLOORS}
            why = arrow_error(path, room, target) if own else door_error(path, room, file, target)
            if why:
                yield f"{path}:{number}: {why}"
        elif file not in LOCK_DOORS and LOCK.search(code_of(line)):
            yield f"{path}:{number}: {LOCK.search(line).group(0)}: locks come from base/mutex.h"


def check(root):
    """All errors under include/semcached and src, and the number of files read."""
    root = pathlib.Path(root)
    files = [path.relative_to(root)
             for top in ("include/semcached", "src")
             for path in sorted((root / top).rglob("*"))
             if path.suffix in (".h", ".cc")]
    return [error for path in files for error in errors_of(root, path)], len(files)


def main():
    root = sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parents[2]
    errors, count = check(root)
    for error in errors:
        print(error)
    # Nothing read is nothing checked.
    print(f"layers: {count} files, {len(errors)} errors")
    return 1 if errors or count == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
