#include "tools/import/mapping.h"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "ledger/base/status_macros.h"
#include "tools/import/yaml_document.h"

namespace payfold {
namespace {

using Names = std::vector<std::string>;

// Fields a deal takes besides its attributes, and a participant.
const Names& DealFields() {
  static const auto* const kNames = new Names{
      "deal_id", "owner_id", "amount",    "booked_on", "lost_on",     "expected_on", "probability",
      "product", "segment",  "territory", "channel",   "customer_id", "term_months"};
  return *kNames;
}
const Names& ParticipantFields() {
  static const auto* const kNames =
      new Names{"role", "team", "territory", "manager_id", "email", "hired_on", "pay_currency"};
  return *kNames;
}

Names Plus(Names names, const Names& more) {
  names.insert(names.end(), more.begin(), more.end());
  return names;
}

class MappingReader {
 public:
  explicit MappingReader(YamlDocument* document) : yaml_(*document) {}

  ImportMapping Read() {
    const Names keys = {"source", "currency", "amounts", "stage",
                        "fixes",  "lookups",  "deals",   "participants"};
    for (const YamlEntry& entry : yaml_.Entries(yaml_.root(), keys)) {
      if (entry.key == "source") mapping_.source = yaml_.Text(entry);
      if (entry.key == "currency") ReadCurrency(entry);
      if (entry.key == "amounts")
        mapping_.minor_units = yaml_.OneOf(entry, {"MAJOR", "MINOR"}) == 1;
      if (entry.key == "stage") ReadStage(entry);
      if (entry.key == "fixes") mapping_.fixes = ReadColumnFixes(entry);
      if (entry.key == "lookups") ReadLookups(entry);
      if (entry.key == "deals") ReadDeals(entry);
      if (entry.key == "participants") ReadParticipants(entry);
    }
    Require(yaml_.root(), has_currency_, "currency");
    Require(yaml_.root(), !mapping_.stage_column.empty(), "stage.column");
    Require(yaml_.root(),
            std::any_of(mapping_.stages.begin(), mapping_.stages.end(),
                        [](const auto& s) { return s.second == Stage::kWon; }),
            "stage.won");
    for (const char* name : {"deal_id", "amount", "booked_on"}) {
      Require(yaml_.root(), mapping_.deals.fields.count(name) > 0, absl::StrCat("deals.", name));
    }
    CheckLookups();
    return std::move(mapping_);
  }

 private:
  void Require(const YamlEntry& at, bool there, absl::string_view name) {
    if (!there) yaml_.Error(at, absl::StrCat("\"", name, "\" is missing; add it"));
  }

  void ReadCurrency(const YamlEntry& entry) {
    const absl::StatusOr<Currency> currency = Currency::Parse(yaml_.Text(entry));
    has_currency_ = true;
    if (currency.ok()) {
      mapping_.currency = *currency;
    } else {
      yaml_.Error(entry, currency.status().message());
    }
  }

  void ReadStage(const YamlEntry& stage) {
    for (const YamlEntry& entry : yaml_.Entries(stage, {"column", "won", "lost", "open"})) {
      if (entry.key == "column") {
        mapping_.stage_column = yaml_.Text(entry);
        continue;
      }
      const Stage meaning = entry.key == "won"    ? Stage::kWon
                            : entry.key == "lost" ? Stage::kLost
                                                  : Stage::kOpen;
      for (const YamlEntry& value : yaml_.List(entry)) {
        const std::string text = yaml_.Text(value);
        if (!mapping_.stages.emplace(text, meaning).second) {
          yaml_.Error(value,
                      absl::StrCat("stage \"", text, "\" stands twice; give it one meaning"));
        }
      }
    }
  }

  Fixes ReadFixes(const YamlEntry& at) {
    Fixes fixes;
    for (const YamlEntry& entry : yaml_.Entries(at)) fixes[entry.key] = yaml_.Text(entry);
    return fixes;
  }

  ColumnFixes ReadColumnFixes(const YamlEntry& at) {
    ColumnFixes columns;
    for (const YamlEntry& entry : yaml_.Entries(at)) columns[entry.key] = ReadFixes(entry);
    return columns;
  }

  void ReadLookups(const YamlEntry& lookups) {
    for (const YamlEntry& lookup : yaml_.Entries(lookups)) {
      LookupRule rule;
      rule.line = lookup.line;
      for (const YamlEntry& entry : yaml_.Entries(lookup, {"file", "key", "fixes"})) {
        if (entry.key == "file") rule.file = yaml_.Text(entry);
        if (entry.key == "key") rule.key = yaml_.Text(entry);
        if (entry.key == "fixes") rule.fixes = ReadColumnFixes(entry);
      }
      Require(lookup, !rule.file.empty(), "file");
      Require(lookup, !rule.key.empty(), "key");
      mapping_.lookups[lookup.key] = std::move(rule);
    }
  }

  // "amount: close_value" names a column; a mapping says more.
  FieldRule ReadField(const YamlEntry& at) {
    FieldRule rule;
    rule.name = at.path;
    rule.line = at.line;
    if (at.node.IsScalar()) {
      rule.column = yaml_.Text(at);
      return rule;
    }
    const Names keys = {"column", "constant", "lookup", "take", "values", "participant"};
    for (const YamlEntry& entry : yaml_.Entries(at, keys)) {
      if (entry.key == "column") rule.column = yaml_.Text(entry);
      if (entry.key == "constant") rule.constant = yaml_.Text(entry);
      if (entry.key == "lookup") rule.lookup = yaml_.Text(entry);
      if (entry.key == "take") rule.take = yaml_.Text(entry);
      if (entry.key == "values") rule.values = ReadFixes(entry);
      if (entry.key == "participant") rule.participant = yaml_.OneOf(entry, {"false", "true"}) == 1;
    }
    if (rule.column.empty() == rule.constant.empty()) {
      yaml_.Error(at, "takes a \"column\" or a \"constant\", one of them");
    }
    if (rule.lookup.empty() != rule.take.empty()) {
      yaml_.Error(at, "needs \"lookup\" and \"take\" together: which file, and which column of it");
    }
    if (!rule.constant.empty() && !rule.lookup.empty()) {
      yaml_.Error(at, "cannot look up a constant; take out \"lookup\" or name a \"column\"");
    }
    return rule;
  }

  std::map<std::string, FieldRule> ReadAttributes(const YamlEntry& at) {
    std::map<std::string, FieldRule> attributes;
    for (const YamlEntry& entry : yaml_.Entries(at)) attributes[entry.key] = ReadField(entry);
    return attributes;
  }

  void ReadDeals(const YamlEntry& deals) {
    for (const YamlEntry& entry : yaml_.Entries(deals, Plus(DealFields(), {"attributes"}))) {
      if (entry.key == "attributes") {
        mapping_.deals.attributes = ReadAttributes(entry);
      } else {
        mapping_.deals.fields[entry.key] = ReadField(entry);
      }
    }
  }

  void ReadParticipants(const YamlEntry& participants) {
    const Names keys =
        Plus(ParticipantFields(), {"lookup", "name", "effective_from", "attributes"});
    for (const YamlEntry& item : yaml_.List(participants)) {
      ParticipantRules rules;
      rules.line = item.line;
      bool dated = false;
      for (const YamlEntry& entry : yaml_.Entries(item, keys)) {
        if (entry.key == "lookup") {
          rules.lookup = yaml_.Text(entry);
        } else if (entry.key == "name") {
          rules.name_column = yaml_.Text(entry);
        } else if (entry.key == "effective_from") {
          dated = true;
          const absl::StatusOr<Date> date = Date::Parse(yaml_.Text(entry));
          if (date.ok()) rules.effective_from = *date;
          if (!date.ok()) yaml_.Error(entry, date.status().message());
        } else if (entry.key == "attributes") {
          rules.attributes = ReadAttributes(entry);
        } else {
          rules.fields[entry.key] = ReadField(entry);
        }
      }
      Require(item, !rules.lookup.empty(), "lookup");
      Require(item, !rules.name_column.empty(), "name");
      Require(item, dated, "effective_from");
      mapping_.participants.push_back(std::move(rules));
    }
  }

  void CheckLookup(int line, absl::string_view path, const std::string& name) {
    if (name.empty() || mapping_.lookups.count(name) > 0) return;
    Names known;
    for (const auto& lookup : mapping_.lookups) known.push_back(lookup.first);
    yaml_.UnknownName(line, path, name, "a lookup of this file", known);
  }

  void CheckLookups() {
    const auto check = [this](const std::map<std::string, FieldRule>& rules) {
      for (const auto& rule : rules) {
        CheckLookup(rule.second.line, rule.second.name, rule.second.lookup);
      }
    };
    check(mapping_.deals.fields);
    check(mapping_.deals.attributes);
    for (const ParticipantRules& rules : mapping_.participants) {
      CheckLookup(rules.line, "participants", rules.lookup);
      check(rules.fields);
      check(rules.attributes);
    }
  }

  YamlDocument& yaml_;
  ImportMapping mapping_;
  bool has_currency_ = false;
};

}  // namespace

absl::StatusOr<ImportMapping> ReadMapping(absl::string_view text, absl::string_view file) {
  YamlDocument document(text, file);
  RETURN_IF_ERROR(document.status());
  ImportMapping mapping = MappingReader(&document).Read();
  RETURN_IF_ERROR(document.status());
  return mapping;
}

absl::StatusOr<ImportMapping> LoadMapping(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) return absl::NotFoundError(absl::StrCat("cannot read the mapping ", path));
  return ReadMapping(text.str(), path);
}

}  // namespace payfold
