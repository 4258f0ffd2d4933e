#include "config/yaml_document.h"

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>
#include <absl/strings/strip.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <sstream>
#include <utility>

#include "semcached/base/utf8.h"

namespace semcached {
namespace {

using Kind = YamlNode::Kind;

// Thrown through the parser to end it; caught below.
struct Stop {
  int line;
  std::string message;
};

int LineOf(const YAML::Mark& mark) { return std::max(mark.line + 1, 1); }

// Builds the tree from the parser's events. Events, unlike yaml-cpp's own nodes, show duplicate
// keys and expand no alias.
class Builder final : public YAML::EventHandler {
 public:
  explicit Builder(ErrorList* errors) : errors_(errors) {}

  std::optional<YamlNode> TakeRoot() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (root_) throw Stop{LineOf(mark), "a second document begins; allowed: one document a file"};
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    Place(Make(Kind::kNull, mark, "", anchor));
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override {
    errors_->Add(LineOf(mark), "", "an alias (*) is used; allowed: the value itself");
    YamlNode node;
    node.kind = Kind::kRefused;
    node.line = LineOf(mark);
    Place(std::move(node));
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    YamlNode node = Make(Kind::kText, mark, tag, anchor);
    node.quoted = tag == "!";
    node.text = value;
    Place(std::move(node));
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    Open(Make(Kind::kList, mark, tag, anchor));
  }
  void OnSequenceEnd() override { Close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    Open(Make(Kind::kMap, mark, tag, anchor));
  }
  void OnMapEnd() override { Close(); }

 private:
  // yaml-cpp's tags of a node without one are "", "?" (plain) and "!" (quoted).
  YamlNode Make(Kind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    YamlNode node;
    node.kind = kind;
    node.line = LineOf(mark);
    if (anchor != 0) {
      errors_->Add(node.line, "", "an anchor (&) is used; allowed: values without anchors");
    }
    if (!tag.empty() && tag != "?" && tag != "!") {
      errors_->Add(node.line, "", "a tag (!) is used; allowed: values without tags");
    }
    return node;
  }

  void Open(YamlNode node) {
    if (open_.size() >= kMaxYamlDepth) {
      throw Stop{node.line,
                 absl::StrCat("is nested too deep; allowed: at most ", kMaxYamlDepth, " levels")};
    }
    open_.push_back(std::move(node));
  }

  void Close() {
    YamlNode node = std::move(open_.back());
    open_.pop_back();
    Place(std::move(node));
  }

  void Place(YamlNode node) {
    if (open_.empty()) {
      root_ = std::move(node);
    } else {
      open_.back().children.push_back(std::move(node));
    }
  }

  ErrorList* const errors_;
  std::vector<YamlNode> open_;  // from the root down
  std::optional<YamlNode> root_;
};

// Adds an error and returns false for bytes that are not for a YAML parser.
bool CheckBytes(absl::string_view content, ErrorList* errors) {
  if (content.size() > kMaxYamlBytes) {
    errors->Add(0, "", "is larger than 1MiB; allowed: at most 1MiB");
    return false;
  }
  if (!IsValidUtf8({content.data(), content.size()})) {
    errors->Add(0, "", "is not UTF-8; allowed: text in UTF-8");
    return false;
  }
  int line = 1;
  for (const char c : content) {
    if (c == '\n') ++line;
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && c != '\n' && c != '\r' && c != '\t') || byte == 0x7F) {
      errors->Add(line, "",
                  absl::StrFormat("holds the control character 0x%02x; allowed: text", byte));
      return false;
    }
  }
  return true;
}

}  // namespace

std::optional<YamlNode> ParseYaml(absl::string_view content, ErrorList* errors) {
  if (!CheckBytes(content, errors)) return std::nullopt;
  std::istringstream stream{std::string(absl::StripPrefix(content, "\xEF\xBB\xBF"))};
  Builder builder(errors);
  try {
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const Stop& stop) {
    errors->Add(stop.line, "", stop.message);
    return std::nullopt;
  } catch (const YAML::Exception& exception) {
    // The text is for people; no code looks into it.
    errors->Add(LineOf(exception.mark), "",
                absl::StrCat("is not YAML: ", exception.msg, "; allowed: YAML 1.2"));
    return std::nullopt;
  }
  std::optional<YamlNode> root = builder.TakeRoot();
  if (!root || root->kind == Kind::kNull) {
    errors->Add(0, "", "is empty; allowed: one document of keys and values");
    return std::nullopt;
  }
  if (root->kind != Kind::kMap) {
    errors->Add(root->line, "", "is not a map; allowed: one document of keys and values");
    return std::nullopt;
  }
  return root;
}

}  // namespace semcached
