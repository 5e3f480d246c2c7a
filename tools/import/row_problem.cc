#include "tools/import/row_problem.h"

#include "absl/strings/str_cat.h"
#include "ledger/base/quote.h"

namespace payfold {

std::string RowProblem::ToString() const {
  std::string text = absl::StrCat(file, ":", line, ": ");
  if (!field.empty()) absl::StrAppend(&text, field, ": ");
  if (!value.empty()) absl::StrAppend(&text, Quote(value), ": ");
  return absl::StrCat(text, message);
}

}  // namespace payfold
