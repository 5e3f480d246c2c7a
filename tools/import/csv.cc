#include "tools/import/csv.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "ledger/base/utf8.h"

namespace payfold {
namespace {

constexpr absl::string_view kByteOrderMark = "\xEF\xBB\xBF";

// What no record may hold, wherever it stands; empty if the text is fine.
std::string BadBytes(absl::string_view text) {
  if (absl::StrContains(text, '\0')) return "has a NUL byte; is this a text file?";
  if (!IsUtf8(text)) return "is not UTF-8; save the file with that encoding";
  return "";
}

// One record, fed line by line.
class RecordParser {
 public:
  // Returns whether the record goes on with the next line.
  bool AddLine(absl::string_view line) {
    if (state_ == State::kQuoted) field_.push_back('\n');
    for (const char c : line) {
      Add(c);
      if (!problem_.empty()) return false;
    }
    if (state_ == State::kQuoted) return true;
    fields_.push_back(std::move(field_));
    return false;
  }

  const std::string& problem() const { return problem_; }
  std::vector<std::string> TakeFields() { return std::move(fields_); }

 private:
  enum class State { kStart, kPlain, kQuoted, kQuoteInQuoted };

  void Add(char c) {
    if (state_ == State::kQuoted) {
      if (c == '"') {
        state_ = State::kQuoteInQuoted;
      } else {
        field_.push_back(c);
      }
    } else if (c == ',') {
      fields_.push_back(std::move(field_));
      field_.clear();
      state_ = State::kStart;
    } else if (state_ == State::kQuoteInQuoted) {
      if (c == '"') {
        field_.push_back(c);
        state_ = State::kQuoted;
      } else {
        problem_ = absl::StrCat("field ", fields_.size() + 1,
                                " goes on after its closing quote; double the quotes inside it");
      }
    } else if (c == '"') {
      if (state_ == State::kStart) {
        state_ = State::kQuoted;
      } else {
        problem_ = absl::StrCat("field ", fields_.size() + 1,
                                " has a quote inside but is not quoted; quote the field");
      }
    } else if (c == '\r') {
      problem_ = "has a carriage return outside quotes; end lines with LF or CRLF";
    } else {
      field_.push_back(c);
      state_ = State::kPlain;
    }
  }

  State state_ = State::kStart;
  std::string field_;
  std::vector<std::string> fields_;
  std::string problem_;
};

}  // namespace

absl::Status CsvReader::ReadHeader() {
  CsvRecord record;
  if (!Next(&record)) {
    return absl::InvalidArgumentError("the file is empty; the first line must name the columns");
  }
  if (!record.problem.empty()) {
    return absl::InvalidArgumentError(absl::StrCat("line ", record.line, ": ", record.problem));
  }
  for (size_t i = 0; i < record.fields.size(); ++i) {
    const std::string& name = record.fields[i];
    if (name.empty()) {
      return absl::InvalidArgumentError(
          absl::StrCat("line ", record.line, ": column ", i + 1, " has no name; name it"));
    }
    if (std::count(record.fields.begin(), record.fields.end(), name) > 1) {
      return absl::InvalidArgumentError(absl::StrCat("line ", record.line, ": column \"", name,
                                                     "\" stands twice; rename one of them"));
    }
  }
  header_ = std::move(record.fields);
  return absl::OkStatus();
}

std::optional<size_t> CsvReader::Column(absl::string_view name) const {
  for (size_t i = 0; i < header_.size(); ++i) {
    if (header_[i] == name) return i;
  }
  return std::nullopt;
}

absl::StatusOr<std::vector<size_t>> CsvReader::Columns(absl::Span<const char* const> names) const {
  std::vector<size_t> places;
  for (const char* name : names) {
    const std::optional<size_t> place = Column(name);
    if (!place.has_value()) {
      return absl::InvalidArgumentError(absl::StrCat(
          "there is no column \"", name, "\"; the first line names ", absl::StrJoin(names, ", ")));
    }
    places.push_back(*place);
  }
  return places;
}

bool CsvReader::Next(CsvRecord* record) {
  while (Fill(0) && lines_.front().text.empty()) lines_.pop_front();
  if (!Fill(0)) return false;
  *record = CsvRecord();
  Take(record);
  if (!record->problem.empty()) {
    record->fields.clear();
  } else if (!header_.empty() && record->fields.size() != header_.size()) {
    record->problem = absl::StrCat("has ", record->fields.size(), " fields where the header has ",
                                   header_.size());
    record->fields.clear();
  }
  return true;
}

bool CsvReader::Fill(size_t index) {
  while (lines_.size() <= index) {
    Line line;
    if (!ReadLine(&line)) return false;
    lines_.push_back(std::move(line));
  }
  return true;
}

bool CsvReader::ReadLine(Line* line) {
  std::string text;
  if (!std::getline(*in_, text)) return false;
  line->is_last = in_->eof();
  bytes_read_ += static_cast<int64_t>(text.size()) + (line->is_last ? 0 : 1);
  line->number = next_line_++;
  absl::string_view rest = text;
  if (line->number == 1) absl::ConsumePrefix(&rest, kByteOrderMark);
  absl::ConsumeSuffix(&rest, "\r");
  line->text = std::string(rest);
  return true;
}

void CsvReader::Take(CsvRecord* record) {
  record->line = lines_.front().number;
  RecordParser parser;
  size_t bytes = 0;
  size_t used = 0;
  for (bool goes_on = true; goes_on; ++used) {
    if (!Fill(used)) {
      record->problem = "opens a quote that is never closed";
      break;
    }
    const std::string& text = lines_[used].text;
    bytes += text.size() + 1;
    if (bytes > kMaxRecordBytes) {
      record->problem = absl::StrCat("is longer than ", kMaxRecordBytes, " bytes",
                                     used > 0 ? "; is a closing quote missing?" : "");
      break;
    }
    record->problem = BadBytes(text);
    if (!record->problem.empty()) break;
    goes_on = parser.AddLine(text);
    record->problem = parser.problem();
  }
  // A record that failed loses its first line; the others may be good ones.
  if (!record->problem.empty()) used = 1;
  lines_.erase(lines_.begin(), lines_.begin() + static_cast<ptrdiff_t>(used));
  record->fields = parser.TakeFields();
}

}  // namespace payfold
