"""Requests that may be cached, at random, and what changes one.

SEMCACHED_SEED repeats a run; each prints its own.
"""

import copy
import os
import random

_WORDS = ["", "a", "A", "é", "日本", "😀", "\n", '"', "\\", "o1:", "s1:a", "__proto__", "1", "ﾂ"]


def printed_random():
    seed = int(os.environ.get("SEMCACHED_SEED") or random.SystemRandom().randrange(2 ** 32))
    print("SEMCACHED_SEED=%d" % seed, flush=True)
    return random.Random(seed)


def _text(rng):
    return "".join(rng.choice(_WORDS) for _ in range(rng.randrange(4)))


def _value(rng, depth):
    kind = rng.randrange(7 if depth < 4 else 5)
    if kind == 0:
        return rng.choice([None, True, False])
    if kind == 1:
        return rng.randrange(-(2 ** 53) + 1, 2 ** 53)
    if kind == 2:
        return rng.choice([0.5, -1.25, 1e-9, 0.1, 1e15, 5e-324]) * rng.choice([1, 3, 7])
    if kind in (3, 4):
        return _text(rng)
    if kind == 5:
        return [_value(rng, depth + 1) for _ in range(rng.randrange(4))]
    return {_text(rng): _value(rng, depth + 1) for _ in range(rng.randrange(4))}


def some_request(rng):
    """Its query is never blank; some of its content is in parts."""
    messages = []
    for _ in range(rng.randrange(4)):
        message = {"role": rng.choice(["system", "user", "assistant"]), "content": _text(rng)}
        if rng.randrange(3) == 0:
            message["content"] = [{"type": "text", "text": _text(rng)} for _ in range(2)]
        messages.append(message)
    messages.append({"role": "user", "content": "q" + _text(rng)})
    request = {"model": "m", "messages": messages, "stream": rng.randrange(2) == 0}
    for name in ("temperature", "tools", "response_format", "x", "__proto__", "日"):
        if rng.randrange(2) == 0:
            request[name] = _value(rng, 1)
    return request


def with_keys_shuffled(rng, value):
    if isinstance(value, list):
        return [with_keys_shuffled(rng, item) for item in value]
    if not isinstance(value, dict):
        return value
    keys = list(value)
    rng.shuffle(keys)
    return {key: with_keys_shuffled(rng, value[key]) for key in keys}


def leaves_of(request):
    """Yields the request with one thing changed that must change its context, for each such."""
    last = len(request["messages"]) - 1
    for i, message in enumerate(request["messages"]):
        for key in message:
            if (i, key) in ((last, "content"), (last, "role")):
                continue
            changed = copy.deepcopy(request)
            changed["messages"][i][key] = "changed %d %s" % (i, key)
            yield changed
    for key, value in request.items():
        if key in ("model", "messages", "stream"):
            continue
        changed = copy.deepcopy(request)
        changed[key] = [value, "changed"]
        yield changed
