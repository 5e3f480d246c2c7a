#include "ledger/log/verdict.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/base/check.h"

namespace payfold {
namespace {

template <typename Checks>
auto FindNamed(Checks& checks, absl::string_view name) {
  const auto found = std::find_if(checks.begin(), checks.end(),
                                  [&](const CheckResult& check) { return check.name == name; });
  CHECK(found != checks.end());
  return found;
}

}  // namespace

std::string SubjectOf(const Finding& finding) {
  return finding.subject.empty() ? absl::StrCat("position ", finding.position) : finding.subject;
}

std::string TextOf(const Finding& finding) {
  return absl::StrCat(SubjectOf(finding), " does not hold: ", finding.detail);
}

CheckResult& Verdict::Named(absl::string_view name) { return *FindNamed(checks_, name); }

void Verdict::Begin(absl::string_view name) {
  CheckResult check;
  check.name = std::string(name);
  checks_.push_back(std::move(check));
}

void Verdict::Fail(absl::string_view name, Finding finding) {
  CheckResult& check = Named(name);
  if (check.outcome == CheckOutcome::kDoesNotHold) return;
  check.outcome = CheckOutcome::kDoesNotHold;
  check.finding = std::move(finding);
  check.note.clear();
}

void Verdict::Skip(absl::string_view name, std::string why) {
  CheckResult& check = Named(name);
  if (check.outcome == CheckOutcome::kDoesNotHold) return;
  check.outcome = CheckOutcome::kNotChecked;
  check.note = std::move(why);
}

void Verdict::Note(absl::string_view name, std::string what) {
  CheckResult& check = Named(name);
  if (check.outcome == CheckOutcome::kHolds) check.note = std::move(what);
}

bool Verdict::Holds(absl::string_view name) const {
  return FindNamed(checks_, name)->outcome == CheckOutcome::kHolds;
}

absl::Status Verdict::status() const {
  for (const CheckResult& check : checks_) {
    if (check.outcome == CheckOutcome::kDoesNotHold) {
      return absl::DataLossError(TextOf(check.finding));
    }
  }
  for (const CheckResult& check : checks_) {
    if (check.outcome == CheckOutcome::kNotChecked) {
      return absl::UnavailableError(
          absl::StrCat(check.name, " could not be checked: ", check.note));
    }
  }
  return absl::OkStatus();
}

}  // namespace payfold
