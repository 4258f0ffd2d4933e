// Holds clients/node to the vectors.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { canonical, chatScope } from "../../clients/node/semcached-scope.mjs";

const file = JSON.parse(readFileSync(new URL("../../clients/test_vectors.json", import.meta.url)));
assert.ok(file.vectors.length > 0 && file.values.length > 0);

for (const pair of file.values) assert.equal(canonical(pair.value).toString(), pair.canonical);

const contexts = new Map();
for (const vector of file.vectors) {
  const request = vector.request ?? JSON.parse(vector.request_json);
  const before = JSON.stringify(request);
  const found = chatScope(request, vector.namespace);
  assert.deepEqual(found, vector.expect, vector.name);
  assert.equal(JSON.stringify(request), before, `${vector.name}: the request was changed`);
  contexts.set(vector.name, found.context);
}
for (const { name, same_context_as: same, other_context_than: other } of file.vectors) {
  if (same) assert.equal(contexts.get(name), contexts.get(same), name);
  if (other) assert.notEqual(contexts.get(name), contexts.get(other), name);
}
console.log(`${file.values.length} values, ${file.vectors.length} vectors`);
