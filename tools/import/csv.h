// A reader of CSV files as RFC 4180 describes them, record by record.
//
//   std::ifstream file("deals.csv", std::ios::binary);
//   CsvReader reader(&file);
//   if (absl::Status status = reader.ReadHeader(); !status.ok()) …
//   for (CsvRecord record; reader.Next(&record);) …
//
// Understood: quoted fields, doubled quotes, commas and line breaks inside
// quotes, LF and CRLF, a byte-order mark, blank lines (skipped). What breaks a
// rule is handed out as a record with a `problem`, named by the line it starts
// at, and reading goes on with the line after: a stray quote costs one line, not
// the rest of the file.
//
// Source: RFC 4180; the text must be UTF-8.

#ifndef TOOLS_IMPORT_CSV_H_
#define TOOLS_IMPORT_CSV_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <istream>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace payfold {

struct CsvRecord {
  int64_t line = 0;  // where the record starts, from 1
  std::vector<std::string> fields;
  // Why the record cannot be used; empty if it can. `fields` is empty then.
  std::string problem;
};

// Holds one record at a time. Not safe for use by several threads at once.
class CsvReader {
 public:
  // Bytes of one record, its quoted line breaks included.
  static constexpr size_t kMaxRecordBytes = 65'536;

  // `*in` must outlive the reader; open it in binary mode.
  explicit CsvReader(std::istream* in) : in_(in) {}

  // Reads the first record as the names of the columns. Errors:
  // kInvalidArgument for an empty file, a name that is empty or stands twice.
  absl::Status ReadHeader();
  const std::vector<std::string>& header() const { return header_; }
  // The place of a column; none if there is no such column.
  std::optional<size_t> Column(absl::string_view name) const;

  // The places of several columns, in order. Errors: kInvalidArgument naming the one that
  // is missing, and all.
  absl::StatusOr<std::vector<size_t>> Columns(absl::Span<const char* const> names) const;

  // The next record, with as many fields as the header has columns, or a
  // problem. False at the end of the file.
  bool Next(CsvRecord* record);

  // Of the file, so far.
  int64_t bytes_read() const { return bytes_read_; }

 private:
  struct Line {
    int64_t number;
    std::string text;  // without its line break
    bool is_last;      // the file ends here
  };

  // Makes lines_[index] available; false if the file ends before it.
  bool Fill(size_t index);
  bool ReadLine(Line* line);
  // Reads a record from lines_ and drops the lines it took.
  void Take(CsvRecord* record);

  std::istream* in_;
  std::deque<Line> lines_;  // read ahead, not yet handed out
  std::vector<std::string> header_;
  int64_t next_line_ = 1;
  int64_t bytes_read_ = 0;
};

}  // namespace payfold

#endif  // TOOLS_IMPORT_CSV_H_
