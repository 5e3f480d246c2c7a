// The files of an export as an import reads them: look-up files held whole, and
// rows resolved to the values of fields.

#ifndef TOOLS_IMPORT_TABLES_H_
#define TOOLS_IMPORT_TABLES_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tools/import/mapping.h"
#include "tools/import/row_problem.h"

namespace payfold {

// A file's name, the places of its columns, and the fixes of their values.
struct Columns {
  std::string file;  // without its folder
  std::vector<std::string> names;
  absl::flat_hash_map<std::string, size_t> places;
  const ColumnFixes* fixes = nullptr;

  Columns() = default;
  Columns(absl::string_view path, const std::vector<std::string>& header,
          const ColumnFixes* column_fixes);
};

// One row of a file. A view: `columns` and `fields` must outlive it.
struct Row {
  const Columns* columns = nullptr;
  const std::vector<std::string>* fields = nullptr;
  int64_t line = 0;

  // The fixed value of a column, without blanks around it. REQUIRES: the column is there.
  std::string Value(absl::string_view column) const;
};

// A look-up file, held in memory.
class LookupTable {
 public:
  // Rows that cannot be used or whose key stands already go to `*problems`.
  // Errors: kNotFound, kInvalidArgument for a file without header or key column.
  static absl::StatusOr<LookupTable> Load(const std::string& path, const LookupRule& rule,
                                          std::vector<RowProblem>* problems);

  const Columns& columns() const { return columns_; }
  size_t size() const { return rows_.size(); }
  // In order of the file. REQUIRES: index < size().
  Row At(size_t index) const;
  // The row with that key; none: an empty Row (columns is null).
  Row Find(absl::string_view key) const;

 private:
  struct Stored {
    int64_t line;
    std::vector<std::string> fields;
  };
  Columns columns_;
  std::vector<Stored> rows_;
  absl::flat_hash_map<std::string, size_t> by_key_;
};

// Makes values of rows, by rules.
class Resolver {
 public:
  // Both must outlive the resolver.
  Resolver(const std::map<std::string, LookupTable>* tables, const ImportMapping* mapping,
           absl::string_view id_key)
      : tables_(tables), mapping_(mapping), id_key_(id_key) {}

  // Every column that `rules` name but `columns` (or the look-up file) lacks, by
  // line of the mapping, to `*errors`.
  void Check(const std::map<std::string, FieldRule>& rules, const Columns& columns,
             std::vector<std::string>* errors) const;

  // The value; "" where the row has none. A key that the look-up file does not
  // have is a problem.
  std::string Resolve(const FieldRule& rule, const Row& row,
                      std::vector<RowProblem>* problems) const;

  const std::string& id_key() const { return id_key_; }

 private:
  const std::map<std::string, LookupTable>* tables_;
  const ImportMapping* mapping_;
  std::string id_key_;
};

// An error "deals.amount: column "x" is not in FILE; did you mean …?" unless it is there.
void CheckColumn(absl::string_view field, absl::string_view column, const Columns& columns,
                 std::vector<std::string>* errors);

}  // namespace payfold

#endif  // TOOLS_IMPORT_TABLES_H_
