"""Scope and query of an OpenAI-style chat request, for semcached's Lookup and Insert.

    found = chat_scope(request, namespace="acme")
    if isinstance(found, NotCached): call the model, leave the cache alone
    else: Lookup(found.namespace, found.model, found.context, found.query)

clients/README.md is the specification; clients/test_vectors.json holds every implementation to it.
Standard library only, Python 3.9 or later. Pure functions: any thread may call them.
"""

from __future__ import annotations

import hashlib
import struct
from typing import Any, Dict, List, NamedTuple, Union

__all__ = ["ChatScope", "NotCached", "canonical", "chat_scope"]

# Of the specification: goes up when the same request no longer gives the same context.
_PREFIX = b"semcached.chat.1:"

# What does not shape the text of the answer.
_IGNORED = frozenset({
    "metadata", "model", "n", "prompt_cache_key", "prompt_cache_retention", "safety_identifier",
    "service_tier", "store", "stream", "stream_options", "user",
})
_PART_MEMBERS = frozenset({"type", "text", "cache_control"})
_ASCII_WHITE_SPACE = " \t\n\v\f\r"
_LARGEST = 2 ** 53 - 1
_DEEPEST = 100


class ChatScope(NamedTuple):
    """The arguments of a lookup. All are valid Unicode: send them as UTF-8."""
    namespace: str
    model: str
    context: str  # 64 lower-case hexadecimal digits
    query: str


class NotCached(NamedTuple):
    """The request is not one to answer from a cache: neither Lookup nor Insert."""
    reason: str  # a word of the table in clients/README.md


class _Refusal(Exception):
    pass


def chat_scope(request: Dict[str, Any], namespace: str) -> Union[ChatScope, NotCached]:
    """Never raises for a request that json.loads returned, whatever it holds; changes nothing."""
    try:
        rest = _check(request)
        query = _split_query(rest)
        context = hashlib.sha256(_PREFIX + canonical(rest)).hexdigest()
        for text in (query, request["model"], namespace):
            canonical(text)
    except _Refusal as refusal:
        return NotCached(str(refusal))
    except ValueError:
        return NotCached("not_canonical")
    return ChatScope(namespace, request["model"], context, query)


def canonical(value: Any) -> bytes:
    """The one spelling of a JSON value. ValueError: it has none."""
    return _encode(value, 1)


def _check(request: Any) -> Dict[str, Any]:
    """What shapes the answer, its messages copied; refuses what is no request for one text."""
    if not isinstance(request, dict):
        raise _Refusal("malformed")
    model, messages = request.get("model"), request.get("messages")
    if not isinstance(model, str) or not model:
        raise _Refusal("malformed")
    if not isinstance(messages, list) or not messages:
        raise _Refusal("malformed")
    for message in messages:
        if not isinstance(message, dict) or not isinstance(message.get("role"), str):
            raise _Refusal("malformed")
    n = request.get("n")
    if n is not None and (isinstance(n, bool) or n != 1):
        raise _Refusal("several_answers")
    if request.get("modalities") not in (None, ["text"]):
        raise _Refusal("non_text_output")
    if messages[-1]["role"] != "user":
        raise _Refusal("last_not_user")
    rest = {key: value for key, value in _without_nulls(request).items() if key not in _IGNORED}
    rest["messages"] = [_plain(message) for message in messages]
    return rest


def _plain(message: Dict[str, Any]) -> Dict[str, Any]:
    plain = _without_nulls(message)
    if "content" in plain:
        plain["content"] = _text_of(plain["content"])
    return plain


def _text_of(content: Any) -> str:
    if isinstance(content, str):
        return content
    if not isinstance(content, list):
        raise _Refusal("non_text_content")
    texts: List[str] = []
    for part in content:
        if (not isinstance(part, dict) or part.get("type") != "text"
                or not isinstance(part.get("text"), str) or not _PART_MEMBERS.issuperset(part)):
            raise _Refusal("non_text_content")
        texts.append(part["text"])
    return "\n".join(texts)


def _split_query(rest: Dict[str, Any]) -> str:
    query = rest["messages"][-1].pop("content", "")
    if not query.strip(_ASCII_WHITE_SPACE):
        raise _Refusal("empty_query")
    return query


def _without_nulls(members: Dict[str, Any]) -> Dict[str, Any]:
    return {key: value for key, value in members.items() if value is not None}


def _encode(value: Any, depth: int) -> bytes:
    if value is None:
        return b"n"
    if isinstance(value, bool):
        return b"t" if value else b"f"
    if isinstance(value, (int, float)):
        return _encode_number(value)
    if isinstance(value, str):
        text = value.encode("utf-8")  # UnicodeEncodeError, a ValueError: half a surrogate pair
        return b"s%d:%s" % (len(text), text)
    if depth > _DEEPEST:
        raise ValueError("nested more than %d deep" % _DEEPEST)
    if isinstance(value, list):
        return b"a%d:" % len(value) + b"".join(_encode(item, depth + 1) for item in value)
    if isinstance(value, dict):
        members = sorted((key.encode("utf-8"), item) for key, item in value.items())
        return b"o%d:" % len(members) + b"".join(
            b"s%d:%s" % (len(key), key) + _encode(item, depth + 1) for key, item in members)
    raise ValueError("%s is no JSON value" % type(value).__name__)


def _encode_number(value: Union[int, float]) -> bytes:
    if not abs(value) <= _LARGEST:  # also true of what is no number
        raise ValueError("a number beyond +-(2^53 - 1)")
    number = float(value)
    return b"d" + struct.pack(">d", number if number else 0.0).hex().encode()  # -0 is 0
