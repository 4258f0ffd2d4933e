// Reads the keys of a YAML map, strictly.
#ifndef SEMCACHED_CONFIG_MAP_READER_H_
#define SEMCACHED_CONFIG_MAP_READER_H_

#include <absl/strings/string_view.h>
#include <absl/time/time.h>

#include <cstdint>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "config/error_list.h"
#include "config/yaml_document.h"
#include "semcached/base/types.h"

namespace semcached {

struct NumberRange {
  double least;
  double most;
  bool above_least = false;  // least itself is not allowed
  bool below_most = false;   // most itself is not allowed
};

struct DurationRange {
  absl::Duration least;
  absl::Duration most;
};

// Each read takes one key: if it is there and right, its value is stored; if it is there and wrong,
// an error is added and the value stays; if it is absent, the value stays. Finish() then refuses
// every key that no read asked for, so the reads are the list of what is allowed.
//
// Values are never clipped. The node must outlive the reader.
class MapReader {
 public:
  // `path` is the dotted key of the map, "" for the document.
  MapReader(const YamlNode& node, std::string path, ErrorList* errors);

  bool Has(absl::string_view key) const;
  int Line(absl::string_view key) const;  // of the map where the key is absent
  void Fail(absl::string_view key, std::string message);

  // Fails if the key is absent. Takes nothing.
  void Require(absl::string_view key, absl::string_view allowed);

  void Bool(absl::string_view key, bool* out);
  void Integer(absl::string_view key, int64_t least, int64_t most, int64_t* out);
  void Integer(absl::string_view key, int least, int most, int* out);
  void Number(absl::string_view key, const NumberRange& range, double* out);
  void Number(absl::string_view key, const NumberRange& range, float* out);
  void Duration(absl::string_view key, const DurationRange& range, absl::Duration* out);
  void Size(absl::string_view key, int64_t least, int64_t most, int64_t* out);  // bytes
  void FileMode(absl::string_view key, int* out);
  void HostAndPort(absl::string_view key, std::string* out);
  void Identifier(absl::string_view key, std::string* out);                       // as IsName()
  void Text(absl::string_view key, absl::string_view allowed, std::string* out);  // not empty

  // One of `values`, as the overload of Name() for E writes them.
  template <typename E>
  void Choice(absl::string_view key, std::initializer_list<E> values, E* out);

  void OneOf(absl::string_view key, std::vector<absl::string_view> values, std::string* out);

  // A list of different ones of `values`.
  template <typename E>
  void Choices(absl::string_view key, std::initializer_list<E> values, std::vector<E>* out);

  // A list of whole numbers, at least one.
  void Integers(absl::string_view key, int64_t least, int64_t most, std::vector<int64_t>* out);

  // A list of texts, none of them empty.
  void Texts(absl::string_view key, std::vector<std::string>* out);

  // A reader of the map under `key`; of an empty one where it is absent or no map.
  MapReader Map(absl::string_view key);

  // A reader of each map of the list under `key`; at most `most` of them.
  std::vector<MapReader> Maps(absl::string_view key, size_t most);

  // Every key, for a map whose keys are names that the user chose; no Finish() then. Those that are
  // no names are refused.
  std::vector<std::string> TakeNames();

  void Finish();

 private:
  struct Entry {
    int line;
    const YamlNode* value;
  };

  const Entry* Find(absl::string_view key) const;
  std::string Path(absl::string_view key) const;

  // The value of `key`, which is now known; nullptr if it is absent or reported already.
  const YamlNode* Take(absl::string_view key);
  // The same for text; what is not text is reported.
  const YamlNode* TakeText(absl::string_view key, absl::string_view allowed);
  // The same for a plain value; quotes make it text, which is reported as not being `what`.
  const YamlNode* TakePlain(absl::string_view key, absl::string_view what,
                            absl::string_view allowed);
  // The node as errors may repeat it.
  YamlNode Repeatable(const YamlNode& node) const;
  const YamlNode* TakeList(absl::string_view key, absl::string_view allowed);

  using Names = std::vector<absl::string_view>;
  // The index of the name that is written under `path`; nullopt, and an error, for another one.
  std::optional<size_t> IndexOf(const YamlNode& node, const std::string& path, int line,
                                const Names& names);
  std::optional<size_t> ChoiceOf(absl::string_view key, const Names& names);
  std::optional<std::vector<size_t>> ChoicesOf(absl::string_view key, const Names& names);

  const std::string path_;
  ErrorList* const errors_;
  const int line_;
  std::map<absl::string_view, Entry> entries_;  // the first of each key
  std::vector<absl::string_view> known_;
};

template <typename E>
void MapReader::Choice(absl::string_view key, std::initializer_list<E> values, E* out) {
  Names names;
  for (const E value : values) names.push_back(Name(value));
  if (const std::optional<size_t> index = ChoiceOf(key, names)) *out = values.begin()[*index];
}

template <typename E>
void MapReader::Choices(absl::string_view key, std::initializer_list<E> values,
                        std::vector<E>* out) {
  Names names;
  for (const E value : values) names.push_back(Name(value));
  if (const std::optional<std::vector<size_t>> indices = ChoicesOf(key, names)) {
    out->clear();
    for (const size_t index : *indices) out->push_back(values.begin()[index]);
  }
}

}  // namespace semcached

#endif  // SEMCACHED_CONFIG_MAP_READER_H_
