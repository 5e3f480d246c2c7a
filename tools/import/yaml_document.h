// A YAML document read strictly, with a place for every mistake.
//
// Refuses what yaml-cpp lets pass: keys given twice, aliases (a few lines of
// which expand without end), unknown keys, more than one document. Mistakes are
// collected; status() has them all.

#ifndef TOOLS_IMPORT_YAML_DOCUMENT_H_
#define TOOLS_IMPORT_YAML_DOCUMENT_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "yaml-cpp/yaml.h"

namespace payfold {

// A value, and what names it.
struct YamlEntry {
  std::string key;   // empty for the document and for items of a list
  std::string path;  // "deals.amount", "participants[1].name"
  int line = 0;      // from 1
  YAML::Node node;
};

class YamlDocument {
 public:
  static constexpr size_t kMaxBytes = 1 << 20;

  // `file` is the name to report.
  YamlDocument(absl::string_view text, absl::string_view file);

  // OK, or kInvalidArgument with a line "FILE:LINE: PATH: …" for each mistake.
  absl::Status status() const;
  const YamlEntry& root() const { return root_; }

  // The entries of a mapping, each key once. With `known`, keys outside it are
  // mistakes and left out.
  std::vector<YamlEntry> Entries(const YamlEntry& at);
  std::vector<YamlEntry> Entries(const YamlEntry& at, const std::vector<std::string>& known);
  // The items of a list.
  std::vector<YamlEntry> List(const YamlEntry& at);
  // A text as written, not empty; "" after a mistake.
  std::string Text(const YamlEntry& at);
  // The place of the text in `choices`; 0 after a mistake.
  size_t OneOf(const YamlEntry& at, const std::vector<std::string>& choices);

  void Error(const YamlEntry& at, absl::string_view message);
  // "NAME is not WHAT; did you mean …?".
  void UnknownName(int line, absl::string_view path, absl::string_view name, absl::string_view what,
                   const std::vector<std::string>& known);

 private:
  void Add(int line, absl::string_view path, absl::string_view message);

  std::string file_;
  YamlEntry root_;
  std::vector<std::string> errors_;
};

}  // namespace payfold

#endif  // TOOLS_IMPORT_YAML_DOCUMENT_H_
