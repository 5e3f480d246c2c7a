// Names of the journal's accounts, valid for hledger, ledger and beancount.
//
//   CommissionExpense("ae-2025");   // "Expenses:Commissions:Ae-2025"
//   CommissionLiability("ana");     // "Liabilities:Commissions:Ana"
//
// beancount is the strictest of the three: each part of a name begins with a capital
// letter or a digit and goes on with letters, digits and dashes. Two ids never share
// a name.
//
// Source: specification, ledger ("Journal"); the tools' grammars.

#ifndef PROJECTIONS_JOURNAL_ACCOUNT_NAME_H_
#define PROJECTIONS_JOURNAL_ACCOUNT_NAME_H_

#include <string>

#include "absl/strings/string_view.h"

namespace payfold {

// An id (1 to 128 of A-Z a-z 0-9 . _ ~ @ : -, the first a letter or digit) as a part of
// an account's name, one-to-one:
//   - a small first letter becomes a capital; an id that begins with a capital ends in
//     "--k" instead;
//   - "." is "--d", "_" "--u", "~" "--t", "@" "--a", ":" "--c";
//   - "-" stays before a letter or digit, and is "--h" elsewhere.
std::string AccountPart(absl::string_view id);

// "Expenses:Adjustments" if the id is empty: manual adjustments of no plan.
std::string CommissionExpense(absl::string_view plan_id);
std::string CommissionLiability(absl::string_view participant_id);
std::string HeldLiability(absl::string_view participant_id);
std::string DrawAsset(absl::string_view participant_id);
std::string Cash(absl::string_view currency);
std::string OpeningEquity();

}  // namespace payfold

#endif  // PROJECTIONS_JOURNAL_ACCOUNT_NAME_H_
