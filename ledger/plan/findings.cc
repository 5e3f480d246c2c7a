#include "ledger/plan/findings.h"

#include <algorithm>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "ledger/base/quote.h"
#include "ledger/money/decimal.h"

namespace payfold {
namespace {

constexpr size_t kMaxIdLength = 128;
constexpr int kMaxDisplayNameLength = 200;

bool IsId(absl::string_view id) {
  if (id.empty() || id.size() > kMaxIdLength) return false;
  if (!absl::ascii_isalnum(static_cast<unsigned char>(id[0]))) return false;
  return std::all_of(id.begin(), id.end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
           absl::string_view("._~@:-").find(c) != absl::string_view::npos;
  });
}

}  // namespace

void Findings::Add(PlanDiagnostic::Severity severity, absl::string_view field,
                   absl::string_view message) {
  PlanDiagnostic diagnostic;
  diagnostic.severity = severity;
  diagnostic.field = std::string(field);
  diagnostic.message = std::string(message);
  diagnostics_.push_back(std::move(diagnostic));
}

std::optional<Rational> Findings::ReadDecimal(absl::string_view text, absl::string_view field) {
  if (absl::EndsWith(text, "%")) {
    Error(field, absl::StrCat(Quote(text), " is a percentage, but a plain decimal is meant here"));
    return std::nullopt;
  }
  const absl::StatusOr<Decimal> value = Decimal::Parse(text);
  if (!value.ok()) {
    Error(field, value.status().message());
    return std::nullopt;
  }
  return Rational(*value);
}

std::optional<Rational> Findings::ReadShare(absl::string_view text, absl::string_view field) {
  const absl::StatusOr<Decimal> value = Decimal::ParsePercent(text);
  if (!value.ok()) {
    Error(field, value.status().message());
    return std::nullopt;
  }
  return Rational(*value);
}

std::optional<Rational> Findings::ReadAmount(absl::string_view text, absl::string_view field) {
  const std::optional<Rational> amount = ReadDecimal(text, field);
  if (amount.has_value() && amount->sign() < 0) Error(field, absl::StrCat(text, " is below 0"));
  return amount;
}

std::optional<Rational> Findings::ReadFraction(absl::string_view text, absl::string_view field) {
  const std::optional<Rational> share = ReadShare(text, field);
  if (share.has_value() && (share->sign() < 0 || *share > Rational(1))) {
    Error(field, absl::StrCat(text, " is not a share, from 0% to 100%"));
  }
  return share;
}

void Findings::CheckId(absl::string_view id, absl::string_view field) {
  if (id.empty()) {
    Error(field, "is required: an identifier, 1 to 128 characters of A-Z a-z 0-9 . _ ~ @ : -");
  } else if (!IsId(id)) {
    Error(field, absl::StrCat(Quote(id),
                              " is not an identifier: 1 to 128 characters of A-Z a-z 0-9 . _ ~ "
                              "@ : -, the first a letter or digit"));
  }
}

void Findings::CheckDisplayName(absl::string_view name, absl::string_view field) {
  // Continuation bytes of UTF-8 begin no character.
  const auto length = std::count_if(name.begin(), name.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  });
  if (length > kMaxDisplayNameLength) {
    Error(field, absl::StrCat("has ", length, " characters; at most ", kMaxDisplayNameLength,
                              " are allowed"));
  }
}

std::string ErrorText(const std::vector<PlanDiagnostic>& diagnostics) {
  std::vector<std::string> lines;
  for (const PlanDiagnostic& d : diagnostics) {
    if (d.severity != PlanDiagnostic::Severity::kError) continue;
    std::string line;
    if (d.line > 0) absl::StrAppend(&line, d.line, ":", d.column, ": ");
    if (!d.field.empty()) absl::StrAppend(&line, d.field, ": ");
    absl::StrAppend(&line, d.message);
    lines.push_back(std::move(line));
  }
  return absl::StrJoin(lines, "\n");
}

std::string Element(absl::string_view field, int index) {
  return absl::StrCat(field, "[", index, "]");
}

std::string Child(absl::string_view field, absl::string_view name) {
  return field.empty() ? std::string(name) : absl::StrCat(field, ".", name);
}

std::string Entry(absl::string_view field, absl::string_view key) {
  return absl::StrCat(field, "[", key, "]");
}

}  // namespace payfold
