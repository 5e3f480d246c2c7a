// Rows for people, in aligned columns, or for programs, as CSV.
//
//   Table table({{"participant"}, {"earned", Align::kRight}});
//   table.Add({"ana", "1,200.00"});
//   table.ToText();  // "participant    earned\nana          1,200.00\n"
//
// Source: RFC 4180 for CSV.

#ifndef TOOLS_TABLE_H_
#define TOOLS_TABLE_H_

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"

namespace payfold {

enum class Align { kLeft, kRight };

class Table {
 public:
  struct Column {
    std::string title;
    Align align = Align::kLeft;
  };

  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

  // REQUIRES: as many cells as there are columns.
  void Add(std::vector<std::string> cells);
  bool empty() const { return rows_.empty(); }

  // Columns as wide as their widest cell, two blanks between, none at the end of
  // a line; control characters are shown as '?'. Each line begins with `indent`.
  std::string ToText(absl::string_view indent = "") const;

  // With the titles as first record; records end in CRLF.
  std::string ToCsv() const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

// How many columns of a terminal UTF-8 text takes: combining marks none,
// East Asian wide characters two, bytes that are no UTF-8 one each.
size_t DisplayWidth(absl::string_view text);

// `text` with blanks up to `width` columns.
std::string Pad(absl::string_view text, size_t width, Align align);

// One record of CSV with its CRLF; fields in quotes only where they are needed.
std::string CsvLine(const std::vector<std::string>& fields);

}  // namespace payfold

#endif  // TOOLS_TABLE_H_
