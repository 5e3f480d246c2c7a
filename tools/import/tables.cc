#include "tools/import/tables.h"

#include <filesystem>
#include <fstream>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "ledger/base/check.h"
#include "ledger/base/quote.h"
#include "tools/import/csv.h"
#include "tools/import/did_you_mean.h"
#include "tools/import/id_key.h"

namespace payfold {

Columns::Columns(absl::string_view path, const std::vector<std::string>& header,
                 const ColumnFixes* column_fixes)
    : file(std::filesystem::path(std::string(path)).filename().string()),
      names(header),
      fixes(column_fixes) {
  for (size_t i = 0; i < header.size(); ++i) places[header[i]] = i;
}

std::string Row::Value(absl::string_view column) const {
  const auto place = columns->places.find(column);
  CHECK(place != columns->places.end());
  std::string value(absl::StripAsciiWhitespace((*fields)[place->second]));
  if (columns->fixes == nullptr) return value;
  const auto fixes = columns->fixes->find(std::string(column));
  if (fixes == columns->fixes->end()) return value;
  const auto fix = fixes->second.find(value);
  return fix == fixes->second.end() ? value : fix->second;
}

absl::StatusOr<LookupTable> LookupTable::Load(const std::string& path, const LookupRule& rule,
                                              std::vector<RowProblem>* problems) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return absl::NotFoundError(absl::StrCat("cannot read the look-up file ", path));
  CsvReader reader(&file);
  if (const absl::Status header = reader.ReadHeader(); !header.ok()) {
    return absl::InvalidArgumentError(absl::StrCat(path, ": ", header.message()));
  }
  LookupTable table;
  table.columns_ = Columns(path, reader.header(), &rule.fixes);
  std::vector<std::string> errors;
  CheckColumn("key", rule.key, table.columns_, &errors);
  if (!errors.empty()) return absl::InvalidArgumentError(errors[0]);
  for (CsvRecord record; reader.Next(&record);) {
    RowProblem problem{table.columns_.file, record.line, "", "", record.problem};
    if (problem.message.empty()) {
      const std::string key = Row{&table.columns_, &record.fields, record.line}.Value(rule.key);
      const auto added = table.by_key_.emplace(key, table.rows_.size());
      if (key.empty()) {
        problem.message = absl::StrCat("has no ", rule.key, "; rows are found by it");
      } else if (!added.second) {
        problem.field = rule.key;
        problem.value = key;
        problem.message = absl::StrCat("stands already in line ",
                                       table.rows_[added.first->second].line, ", which is kept");
      }
    }
    if (problem.message.empty()) {
      table.rows_.push_back({record.line, std::move(record.fields)});
    } else {
      problems->push_back(std::move(problem));
    }
  }
  return table;
}

Row LookupTable::At(size_t index) const {
  return Row{&columns_, &rows_[index].fields, rows_[index].line};
}

Row LookupTable::Find(absl::string_view key) const {
  const auto found = by_key_.find(key);
  if (found == by_key_.end() || found->second >= rows_.size()) return Row{};
  return At(found->second);
}

void Resolver::Check(const std::map<std::string, FieldRule>& rules, const Columns& columns,
                     std::vector<std::string>* errors) const {
  for (const auto& entry : rules) {
    const FieldRule& rule = entry.second;
    if (!rule.column.empty()) CheckColumn(rule.name, rule.column, columns, errors);
    if (!rule.lookup.empty()) {
      CheckColumn(rule.name, rule.take, tables_->at(rule.lookup).columns(), errors);
    }
  }
}

std::string Resolver::Resolve(const FieldRule& rule, const Row& row,
                              std::vector<RowProblem>* problems) const {
  std::string value = rule.column.empty() ? rule.constant : row.Value(rule.column);
  if (value.empty()) return value;
  if (!rule.lookup.empty()) {
    const LookupTable& table = tables_->at(rule.lookup);
    const Row found = table.Find(value);
    if (found.columns == nullptr) {
      problems->push_back({row.columns->file, row.line, rule.name, value,
                           absl::StrCat("is not in column ", mapping_->lookups.at(rule.lookup).key,
                                        " of ", table.columns().file,
                                        "; add it there, or fix it under fixes.", rule.column)});
      return "";
    }
    value = found.Value(rule.take);
  }
  if (const auto fix = rule.values.find(value); fix != rule.values.end()) value = fix->second;
  if (rule.participant && !value.empty()) return ParticipantIdOf(id_key_, value);
  return value;
}

void CheckColumn(absl::string_view field, absl::string_view column, const Columns& columns,
                 std::vector<std::string>* errors) {
  if (columns.places.contains(column)) return;
  errors->push_back(absl::StrCat(field, ": column ", Quote(column), " is not in ", columns.file,
                                 DidYouMean(column, columns.names)));
}

}  // namespace payfold
