#include "tools/checks.h"

#include "absl/strings/str_cat.h"

namespace payfold {
namespace {

std::string OutcomeText(v1::Check::Outcome outcome) {
  if (outcome == v1::Check::HOLDS) return "holds";
  return outcome == v1::Check::DOES_NOT_HOLD ? "DOES NOT HOLD" : "not checked";
}

}  // namespace

Table CheckTable(const google::protobuf::RepeatedPtrField<v1::Check>& checks) {
  Table table({{"check"}, {"outcome"}, {"what"}});
  for (const v1::Check& check : checks) {
    table.Add({check.name(), OutcomeText(check.outcome()),
               check.subject().empty() ? check.detail()
                                       : absl::StrCat(check.subject(), ": ", check.detail())});
  }
  return table;
}

std::string FirstFinding(const google::protobuf::RepeatedPtrField<v1::Check>& checks) {
  for (const v1::Check& check : checks) {
    if (check.outcome() == v1::Check::DOES_NOT_HOLD) {
      return absl::StrCat(check.subject(), " does not hold: ", check.detail());
    }
  }
  return "";
}

}  // namespace payfold
