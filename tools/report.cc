#include "tools/report.h"

#include <iostream>
#include <map>

#include "absl/strings/cord.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "services/errors.h"

namespace payfold {
namespace {

constexpr absl::string_view kUsageMark = "payfold/usage";

std::string OneLine(absl::string_view text) {
  return absl::StrReplaceAll(text, {{"\r\n", " "}, {"\n", " "}, {"\r", " "}});
}

}  // namespace

absl::Status UsageError(absl::string_view message) {
  absl::Status status = absl::InvalidArgumentError(message);
  status.SetPayload(kUsageMark, absl::Cord());
  return status;
}

ExitCode ExitCodeOf(const absl::Status& status) {
  if (status.ok()) return ExitCode::kDone;
  if (status.GetPayload(kUsageMark).has_value()) return ExitCode::kBadUsage;
  if (absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status) || absl::IsDataLoss(status) ||
      ReasonOf(status) == kReasonLedgerNotFound) {
    return ExitCode::kUnreachable;
  }
  return ExitCode::kRefused;
}

std::vector<std::string> ErrorLines(const absl::Status& status) {
  std::vector<std::string> lines;
  const std::vector<FieldViolation> violations = FieldViolationsOf(status);
  for (const FieldViolation& violation : violations) {
    lines.push_back(OneLine(absl::StartsWith(violation.description, violation.field)
                                ? violation.description
                                : absl::StrCat(violation.field, ": ", violation.description)));
  }
  if (lines.empty()) lines.push_back(OneLine(status.message()));
  const std::map<std::string, std::string> metadata = MetadataOf(status);
  const auto all = metadata.find("violations");
  size_t count = 0;
  if (all != metadata.end() && absl::SimpleAtoi(all->second, &count) && count > violations.size()) {
    lines.push_back(absl::StrCat("and ", count - violations.size(), " more"));
  }
  return lines;
}

void PrintErrorLine(absl::string_view line) {
  std::cerr << "payfold: " << OneLine(line) << std::endl;
}

void PrintError(const absl::Status& status) {
  for (const std::string& line : ErrorLines(status)) PrintErrorLine(line);
}

}  // namespace payfold
