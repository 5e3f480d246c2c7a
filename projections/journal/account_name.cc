#include "projections/journal/account_name.h"

#include <cstddef>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace payfold {
namespace {

bool IsLetterOrDigit(char c) { return absl::ascii_isalnum(static_cast<unsigned char>(c)); }

// The letter after "--" that stands for a character.
char LetterFor(char c) {
  switch (c) {
    case '.':
      return 'd';
    case '_':
      return 'u';
    case '~':
      return 't';
    case '@':
      return 'a';
    case ':':
      return 'c';
    default:
      return 'h';
  }
}

}  // namespace

std::string AccountPart(absl::string_view id) {
  std::string part;
  for (size_t i = 0; i < id.size(); ++i) {
    const bool stays =
        IsLetterOrDigit(id[i]) || (id[i] == '-' && i + 1 < id.size() && IsLetterOrDigit(id[i + 1]));
    if (stays) {
      part.push_back(id[i]);
    } else {
      part.append({'-', '-', LetterFor(id[i])});
    }
  }
  if (id.empty()) return part;
  const auto first = static_cast<unsigned char>(id[0]);
  part[0] = absl::ascii_toupper(first);
  if (absl::ascii_isupper(first)) part.append("--k");
  return part;
}

std::string CommissionExpense(absl::string_view plan_id) {
  if (plan_id.empty()) return "Expenses:Adjustments";
  return absl::StrCat("Expenses:Commissions:", AccountPart(plan_id));
}

std::string CommissionLiability(absl::string_view participant_id) {
  return absl::StrCat("Liabilities:Commissions:", AccountPart(participant_id));
}

std::string HeldLiability(absl::string_view participant_id) {
  return absl::StrCat("Liabilities:Held:", AccountPart(participant_id));
}

std::string DrawAsset(absl::string_view participant_id) {
  return absl::StrCat("Assets:Draws:", AccountPart(participant_id));
}

std::string Cash(absl::string_view currency) { return absl::StrCat("Assets:Cash:", currency); }

std::string OpeningEquity() { return "Equity:Opening"; }

}  // namespace payfold
