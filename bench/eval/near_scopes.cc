#include "eval/near_scopes.h"

#include <absl/strings/ascii.h>
#include <absl/strings/escaping.h>
#include <absl/strings/str_cat.h>

#include <set>
#include <utility>

namespace semcached::eval {
namespace {

constexpr int kChanges = 13;

std::string OtherCase(std::string text) {
  for (char& c : text) {
    c = absl::ascii_islower(c) ? absl::ascii_toupper(c) : absl::ascii_tolower(c);
  }
  return text;
}

void Change(ScopeParts* scope, size_t field, int change, std::mt19937_64* random) {
  std::string& text = (*scope)[field];
  std::string& next = (*scope)[(field + 1) % scope->size()];
  switch (change) {
    case 0:
      text = absl::StrCat("other-", (*random)() % 1'000'000);
      break;
    case 1:
      text += static_cast<char>('a' + (*random)() % 26);
      break;
    case 2:
      if (!text.empty()) text.pop_back();
      break;
    case 3:
      if (!text.empty()) text.erase(0, 1);
      break;
    case 4:
      text = OtherCase(text);
      break;
    case 5:
      text += " ";
      break;
    case 6:
      text.insert(0, " ");
      break;
    case 7:
      text += '\0';
      break;
    case 8:
      text.insert(0, 1, '\0');
      break;
    case 9:
      text.clear();
      break;
    case 10:
      std::swap(text, next);
      break;
    case 11:  // over the border, to the right
      if (text.empty()) break;
      next.insert(0, 1, text.back());
      text.pop_back();
      break;
    default:  // and to the left
      if (next.empty()) break;
      text += next.front();
      next.erase(0, 1);
  }
}

}  // namespace

std::string NameOf(const ScopeParts& scope) {
  return absl::StrCat(absl::BytesToHexString(scope[0]), "/", absl::BytesToHexString(scope[1]), "/",
                      absl::BytesToHexString(scope[2]));
}

std::vector<ScopeParts> TrickyScopes() {
  std::set<ScopeParts> scopes;
  // All ways to cut these in three; fields may be empty.
  for (const std::string& whole :
       {std::string("abcdef"), std::string("aaaa"), std::string("a\0b\0c", 5), std::string("a/b/c"),
        std::string("1a1b1c"), std::string("tenantgpt-4o")}) {
    for (size_t first = 0; first <= whole.size(); ++first) {
      for (size_t second = first; second <= whole.size(); ++second) {
        scopes.insert(
            {whole.substr(0, first), whole.substr(first, second - first), whole.substr(second)});
      }
    }
  }
  for (int i = 0; i < 20; ++i) {
    scopes.insert({absl::StrCat("tenant-", i), absl::StrCat("model-", i % 3), ""});
    scopes.insert({absl::StrCat("Tenant-", i), "model", absl::StrCat("context ", i)});
  }
  return {scopes.begin(), scopes.end()};
}

ScopeParts NearlyLike(const ScopeParts& scope, std::mt19937_64* random) {
  ScopeParts near = scope;
  while (near == scope) {
    const int changes = (*random)() % 4 == 0 ? 2 : 1;
    for (int i = 0; i < changes; ++i) {
      const size_t field = (*random)() % near.size();
      Change(&near, field, static_cast<int>((*random)() % kChanges), random);
    }
  }
  return near;
}

}  // namespace semcached::eval
