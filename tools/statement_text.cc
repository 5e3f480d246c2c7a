#include "tools/statement_text.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "tools/statement_page.h"
#include "tools/table.h"

namespace payfold {
namespace {

using Kind = StatementRow::Kind;

constexpr size_t kLeastWidth = 60;

bool HasAmount(const StatementRow& row) {
  return row.kind == Kind::kAmount || row.kind == Kind::kSum;
}

std::string PageText(const StatementPage& page) {
  size_t labels = kLeastWidth;
  size_t amounts = 0;
  for (const StatementRow& row : page.rows) {
    if (HasAmount(row)) labels = std::max(labels, DisplayWidth(row.label));
    amounts = std::max(amounts, row.amount.size());
  }
  std::string text;
  for (const StatementRow& row : page.rows) {
    if (row.kind == Kind::kHeading) absl::StrAppend(&text, "\n");
    if (row.kind == Kind::kHeading && row.label.empty()) continue;
    if (!HasAmount(row)) {
      absl::StrAppend(&text, row.kind == Kind::kItem ? "  - " : "", row.label, "\n");
      continue;
    }
    if (row.kind == Kind::kSum) {
      absl::StrAppend(&text, Pad("", labels + 2, Align::kLeft), std::string(amounts, '-'), "\n");
    }
    absl::StrAppend(&text, Pad(row.label, labels + 2, Align::kLeft),
                    Pad(row.amount, amounts, Align::kRight), "\n");
  }
  return text;
}

}  // namespace

std::string StatementText(const v1::GetStatementResponse& response) {
  std::string text;
  for (const StatementPage& page : StatementPages(response)) {
    absl::StrAppend(&text, text.empty() ? "" : "\n", PageText(page));
  }
  return text;
}

}  // namespace payfold
