#include "tools/import/yaml_document.h"

#include <set>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "ledger/base/quote.h"
#include "tools/import/did_you_mean.h"
#include "yaml-cpp/eventhandler.h"

namespace payfold {
namespace {

int LineOf(const YAML::Mark& mark) { return mark.is_null() ? 0 : mark.line + 1; }

using Anchor = YAML::anchor_t;

// Finds the first alias without building nodes.
class AliasFinder final : public YAML::EventHandler {
 public:
  int line() const { return line_; }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, Anchor) override {}
  void OnAlias(const YAML::Mark& mark, Anchor) override {
    if (line_ == 0) line_ = LineOf(mark);
  }
  void OnScalar(const YAML::Mark&, const std::string&, Anchor, const std::string&) override {}
  void OnSequenceStart(const YAML::Mark&, const std::string&, Anchor,
                       YAML::EmitterStyle::value) override {}
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark&, const std::string&, Anchor,
                  YAML::EmitterStyle::value) override {}
  void OnMapEnd() override {}

 private:
  int line_ = 0;
};

}  // namespace

YamlDocument::YamlDocument(absl::string_view text, absl::string_view file) : file_(file) {
  root_.line = 1;
  if (text.size() > kMaxBytes) {
    Add(1, "", absl::StrCat("the file has more than ", kMaxBytes, " bytes; is it the right one?"));
    return;
  }
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    AliasFinder aliases;
    parser.HandleNextDocument(aliases);
    if (aliases.line() > 0) {
      Add(aliases.line(), "", "aliases are not read here; write the value out");
      return;
    }
    const std::vector<YAML::Node> documents = YAML::LoadAll(std::string(text));
    if (documents.size() != 1) {
      Add(1, "", absl::StrCat("the file holds ", documents.size(), " documents; it must hold one"));
      return;
    }
    root_.node.reset(documents[0]);
  } catch (const YAML::Exception& error) {
    Add(LineOf(error.mark), "", absl::StrCat("is not YAML: ", error.msg));
  }
}

absl::Status YamlDocument::status() const {
  if (errors_.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrJoin(errors_, "\n"));
}

std::vector<YamlEntry> YamlDocument::Entries(const YamlEntry& at) { return Entries(at, {}); }

std::vector<YamlEntry> YamlDocument::Entries(const YamlEntry& at,
                                             const std::vector<std::string>& known) {
  std::vector<YamlEntry> entries;
  if (!at.node.IsMap()) {
    Error(at, "must be a mapping of \"key: value\" lines");
    return entries;
  }
  std::set<std::string> seen;
  for (const auto& pair : at.node) {
    YamlEntry entry;
    entry.line = LineOf(pair.first.Mark());
    if (!pair.first.IsScalar()) {
      Add(entry.line, at.path, "a key must be a plain text");
      continue;
    }
    entry.key = pair.first.Scalar();
    entry.path = at.path.empty() ? entry.key : absl::StrCat(at.path, ".", entry.key);
    entry.node.reset(pair.second);
    if (!seen.insert(entry.key).second) {
      Add(entry.line, entry.path, "stands twice; take one of them out");
      continue;
    }
    bool is_known = known.empty();
    for (const std::string& name : known) is_known = is_known || name == entry.key;
    if (is_known) {
      entries.push_back(std::move(entry));
    } else {
      UnknownName(entry.line, entry.path, entry.key, "a key that is read here", known);
    }
  }
  return entries;
}

std::vector<YamlEntry> YamlDocument::List(const YamlEntry& at) {
  std::vector<YamlEntry> items;
  if (!at.node.IsSequence()) {
    Error(at, "must be a list");
    return items;
  }
  for (const auto& node : at.node) {
    YamlEntry item;
    item.path = absl::StrCat(at.path, "[", items.size(), "]");
    item.line = node.Mark().is_null() ? at.line : LineOf(node.Mark());
    item.node.reset(node);
    items.push_back(std::move(item));
  }
  return items;
}

std::string YamlDocument::Text(const YamlEntry& at) {
  if (at.node.IsScalar() && !at.node.Scalar().empty()) return at.node.Scalar();
  Error(at, at.node.IsMap() || at.node.IsSequence() ? "must be one value" : "has no value");
  return "";
}

size_t YamlDocument::OneOf(const YamlEntry& at, const std::vector<std::string>& choices) {
  const std::string text = Text(at);
  for (size_t i = 0; i < choices.size(); ++i) {
    if (text == choices[i]) return i;
  }
  if (!text.empty()) {
    Error(at, absl::StrCat(Quote(text), " must be one of ", absl::StrJoin(choices, ", ")));
  }
  return 0;
}

void YamlDocument::Error(const YamlEntry& at, absl::string_view message) {
  Add(at.line, at.path, message);
}

void YamlDocument::UnknownName(int line, absl::string_view path, absl::string_view name,
                               absl::string_view what, const std::vector<std::string>& known) {
  Add(line, path, absl::StrCat(Quote(name), " is not ", what, DidYouMean(name, known)));
}

void YamlDocument::Add(int line, absl::string_view path, absl::string_view message) {
  errors_.push_back(absl::StrCat(file_, ":", line, ": ", path, path.empty() ? "" : ": ", message));
}

}  // namespace payfold
