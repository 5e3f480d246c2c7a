#include "tools/table.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "ledger/base/check.h"

namespace payfold {
namespace {

constexpr absl::string_view kBetweenColumns = "  ";

struct Range {
  uint32_t first;
  uint32_t last;
};

// Unicode 15: general category Mn in the blocks people write names with, and
// zero-width format characters.
constexpr std::array kNoWidth = {
    Range{0x0300, 0x036F}, Range{0x0483, 0x0489}, Range{0x0591, 0x05BD}, Range{0x0610, 0x061A},
    Range{0x064B, 0x065F}, Range{0x0E34, 0x0E3A}, Range{0x0E47, 0x0E4E}, Range{0x1AB0, 0x1AFF},
    Range{0x1DC0, 0x1DFF}, Range{0x200B, 0x200F}, Range{0x20D0, 0x20F0}, Range{0xFE00, 0xFE0F},
    Range{0xFE20, 0xFE2F}};

// Unicode 15: East Asian Width W and F.
constexpr std::array kWide = {
    Range{0x1100, 0x115F},   Range{0x2E80, 0x303E},  Range{0x3041, 0x33FF}, Range{0x3400, 0x4DBF},
    Range{0x4E00, 0x9FFF},   Range{0xA000, 0xA4CF},  Range{0xAC00, 0xD7A3}, Range{0xF900, 0xFAFF},
    Range{0xFE30, 0xFE4F},   Range{0xFF00, 0xFF60},  Range{0xFFE0, 0xFFE6}, Range{0x1F300, 0x1F64F},
    Range{0x1F900, 0x1F9FF}, Range{0x20000, 0x3FFFD}};

template <size_t n>
bool IsIn(uint32_t c, const std::array<Range, n>& ranges) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [c](const Range& range) { return range.first <= c && c <= range.last; });
}

// Takes the first character off `*text`; a byte that is no UTF-8 stands for itself.
uint32_t TakeCharacter(absl::string_view* text) {
  const auto lead = static_cast<uint8_t>(text->front());
  const size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  uint32_t c = lead & (length == 1 ? 0x7FU : 0x7FU >> length);
  bool valid = length <= text->size() && (lead < 0x80 || lead >= 0xC0);
  for (size_t i = 1; valid && i < length; ++i) {
    const auto next = static_cast<uint8_t>((*text)[i]);
    valid = (next & 0xC0U) == 0x80U;
    c = (c << 6U) | (next & 0x3FU);
  }
  text->remove_prefix(valid ? length : 1);
  return valid ? c : '?';
}

// A stray line break or escape must not disturb the terminal.
std::string WithoutControls(absl::string_view text) {
  std::string clean(text);
  for (char& c : clean) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = '?';
  }
  return clean;
}

std::string CsvField(absl::string_view text) {
  if (text.find_first_of(",\"\r\n") == absl::string_view::npos) return std::string(text);
  return absl::StrCat("\"", absl::StrReplaceAll(text, {{"\"", "\"\""}}), "\"");
}

}  // namespace

size_t DisplayWidth(absl::string_view text) {
  size_t width = 0;
  while (!text.empty()) {
    const uint32_t c = TakeCharacter(&text);
    if (!IsIn(c, kNoWidth)) width += IsIn(c, kWide) ? 2 : 1;
  }
  return width;
}

std::string Pad(absl::string_view text, size_t width, Align align) {
  const size_t own = DisplayWidth(text);
  const std::string blanks(own < width ? width - own : 0, ' ');
  return align == Align::kLeft ? absl::StrCat(text, blanks) : absl::StrCat(blanks, text);
}

std::string CsvLine(const std::vector<std::string>& fields) {
  return absl::StrCat(absl::StrJoin(fields, ",",
                                    [](std::string* out, const std::string& field) {
                                      absl::StrAppend(out, CsvField(field));
                                    }),
                      "\r\n");
}

void Table::Add(std::vector<std::string> cells) {
  CHECK(cells.size() == columns_.size());
  rows_.push_back(std::move(cells));
}

std::string Table::ToText(absl::string_view indent) const {
  std::vector<std::vector<std::string>> lines(1);
  for (const Column& column : columns_) lines.front().push_back(column.title);
  for (const auto& row : rows_) {
    lines.emplace_back();
    for (const std::string& cell : row) lines.back().push_back(WithoutControls(cell));
  }
  std::vector<size_t> widths(columns_.size());
  for (const auto& line : lines) {
    for (size_t i = 0; i < line.size(); ++i) {
      widths[i] = std::max(widths[i], DisplayWidth(line[i]));
    }
  }
  std::string text;
  for (const auto& line : lines) {
    std::string padded(indent);
    for (size_t i = 0; i < line.size(); ++i) {
      absl::StrAppend(&padded, i == 0 ? "" : kBetweenColumns,
                      Pad(line[i], widths[i], columns_[i].align));
    }
    padded.erase(padded.find_last_not_of(' ') + 1);
    absl::StrAppend(&text, padded, "\n");
  }
  return text;
}

std::string Table::ToCsv() const {
  std::vector<std::string> titles;
  for (const Column& column : columns_) titles.push_back(column.title);
  std::string text = CsvLine(titles);
  for (const auto& row : rows_) absl::StrAppend(&text, CsvLine(row));
  return text;
}

}  // namespace payfold
