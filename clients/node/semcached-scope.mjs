// Scope and query of an OpenAI-style chat request, for semcached's Lookup and Insert.
//
//   const found = chatScope(request, "acme");
//   if (found.reason) ...                              // call the model, leave the cache alone
//   else lookup(found.namespace, found.model, found.context, found.query);
//
// clients/README.md is the specification; clients/test_vectors.json holds every implementation to
// it. Node 18 or later, its own modules only.

import { createHash } from "node:crypto";

// Of the specification: goes up when the same request no longer gives the same context.
const prefix = "semcached.chat.1:";

// What does not shape the text of the answer.
const ignored = new Set(["metadata", "model", "n", "prompt_cache_key", "prompt_cache_retention",
  "safety_identifier", "service_tier", "store", "stream", "stream_options", "user"]);
const partMembers = new Set(["type", "text", "cache_control"]);
const deepest = 100;

class Refusal extends Error {}

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const isAbsent = (value) => value === undefined || value === null;

// {namespace, model, context, query}, or {reason}: a word of the table in clients/README.md.
// Never throws for what JSON.parse returned; changes nothing.
export function chatScope(request, namespace) {
  try {
    const rest = check(request);
    const last = rest.get("messages").at(-1);
    const query = last.get("content") ?? "";
    last.delete("content");
    if (/^[ \t\n\v\f\r]*$/.test(query)) throw new Refusal("empty_query");
    const context = createHash("sha256").update(prefix).update(canonical(rest)).digest("hex");
    for (const text of [query, request.model, namespace]) canonical(text);
    return { namespace, model: request.model, context, query };
  } catch (error) {
    if (error instanceof Refusal) return { reason: error.message };
    throw error;
  }
}

// The one spelling of a JSON value, as a Buffer. Objects may be Maps.
export function canonical(value) {
  const chunks = [];
  encode(value, 1, chunks);
  return Buffer.concat(chunks);
}

// What shapes the answer, its messages copied; refuses what is no request for one text.
function check(request) {
  if (!isObject(request)) throw new Refusal("malformed");
  const { model, messages, n, modalities } = request;
  if (typeof model !== "string" || model === "") throw new Refusal("malformed");
  if (!Array.isArray(messages) || messages.length === 0) throw new Refusal("malformed");
  for (const message of messages) {
    if (!isObject(message) || typeof message.role !== "string") throw new Refusal("malformed");
  }
  if (!isAbsent(n) && n !== 1) throw new Refusal("several_answers");
  const textOnly = Array.isArray(modalities) && modalities.length === 1 && modalities[0] === "text";
  if (!isAbsent(modalities) && !textOnly) throw new Refusal("non_text_output");
  if (messages.at(-1).role !== "user") throw new Refusal("last_not_user");
  const rest = withoutNulls(request);
  for (const key of ignored) rest.delete(key);
  return rest.set("messages", messages.map(plain));
}

function plain(message) {
  const copy = withoutNulls(message);
  if (copy.has("content")) copy.set("content", textOf(copy.get("content")));
  return copy;
}

function textOf(content) {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) throw new Refusal("non_text_content");
  return content.map((part) => {
    if (!isObject(part) || part.type !== "text" || typeof part.text !== "string" ||
        !Object.keys(part).every((key) => partMembers.has(key))) {
      throw new Refusal("non_text_content");
    }
    return part.text;
  }).join("\n");
}

// Maps, since a member may be called __proto__.
function withoutNulls(object) {
  return new Map(Object.entries(object).filter(([, value]) => value !== null));
}

function encode(value, depth, chunks) {
  if (value === null) return chunks.push(Buffer.from("n"));
  if (typeof value === "boolean") return chunks.push(Buffer.from(value ? "t" : "f"));
  if (typeof value === "number") return chunks.push(encodeNumber(value));
  if (typeof value === "string") return encodeText(utf8(value), chunks);
  if (typeof value !== "object" || depth > deepest) throw new Refusal("not_canonical");
  if (Array.isArray(value)) {
    chunks.push(Buffer.from(`a${value.length}:`));
    for (const item of value) encode(item, depth + 1, chunks);
    return;
  }
  // By bytes: the order of UTF-16 units, which sort() has, is another one.
  const members = (value instanceof Map ? [...value] : Object.entries(value))
    .map(([key, item]) => [utf8(key), item])
    .sort(([a], [b]) => Buffer.compare(a, b));
  chunks.push(Buffer.from(`o${members.length}:`));
  for (const [key, item] of members) {
    encodeText(key, chunks);
    encode(item, depth + 1, chunks);
  }
}

function encodeText(bytes, chunks) {
  chunks.push(Buffer.from(`s${bytes.length}:`), bytes);
}

function utf8(text) {
  // Half a surrogate pair is no character, and would be replaced without a word.
  if (/\p{Surrogate}/u.test(text)) throw new Refusal("not_canonical");
  return Buffer.from(text, "utf8");
}

function encodeNumber(value) {
  if (!(Math.abs(value) <= Number.MAX_SAFE_INTEGER)) throw new Refusal("not_canonical");
  const bits = Buffer.alloc(8);
  bits.writeDoubleBE(value === 0 ? 0 : value);  // -0 is 0
  return Buffer.from("d" + bits.toString("hex"));
}
