// What came out of checking a log: a list of checks, each of which holds, does
// not hold, or could not be made. Of a check that does not hold the first thing
// found is kept, in words.
//
//   Verdict verdict;
//   verdict.Begin("tree heads");
//   verdict.Fail("tree heads", {.subject = "the kept tree head of size 40",
//                               .detail = "its signature is wrong"});
//   verdict.status();  // "the kept tree head of size 40 does not hold: its …"

#ifndef LEDGER_LOG_VERDICT_H_
#define LEDGER_LOG_VERDICT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace payfold {

enum class CheckOutcome { kHolds, kDoesNotHold, kNotChecked };

// What does not hold first.
struct Finding {
  uint64_t position = 0;  // The first one affected; 0 if that cannot be said.
  std::string subject;    // Empty: the position.
  std::string detail;     // What is wrong with it.
};

struct CheckResult {
  std::string name;
  CheckOutcome outcome = CheckOutcome::kHolds;
  Finding finding;   // Of a check that does not hold.
  std::string note;  // What was compared, or why nothing was.
};

// "position 17".
std::string SubjectOf(const Finding& finding);
// "position 17 does not hold: its kept hash is not that of its stored bytes".
std::string TextOf(const Finding& finding);

// Belongs to one thread.
class Verdict {
 public:
  // A check; it holds until Fail() or Skip(). Names are given once, in the order
  // in which they are to be shown.
  void Begin(absl::string_view name);

  // The rest concerns a check that was begun. What is found later than the first
  // finding, and every note about a check with a finding, is forgotten.
  void Fail(absl::string_view name, Finding finding);
  void Skip(absl::string_view name, std::string why);
  void Note(absl::string_view name, std::string what);
  bool Holds(absl::string_view name) const;

  const std::vector<CheckResult>& checks() const { return checks_; }

  // OK if every check holds; kDataLoss with the first finding; kUnavailable if
  // there is none, but something was not checked.
  absl::Status status() const;

 private:
  CheckResult& Named(absl::string_view name);

  std::vector<CheckResult> checks_;
};

}  // namespace payfold

#endif  // LEDGER_LOG_VERDICT_H_
