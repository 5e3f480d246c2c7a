// Who is in the plan without being assigned.

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/plan/compile_parts.h"

namespace payfold {
namespace {

using Texts = google::protobuf::RepeatedPtrField<std::string>;

std::vector<std::string> CompileTexts(const Texts& texts, const std::string& path,
                                      Findings* findings) {
  for (int i = 0; i < texts.size(); ++i) {
    if (texts[i].empty()) findings->Error(Element(path, i), "is empty: name a value");
  }
  return {texts.begin(), texts.end()};
}

Rational CompilePercentage(const std::string& text, int otherwise, const std::string& path,
                           Findings* findings) {
  if (text.empty()) return otherwise;
  const std::optional<Rational> percentage = findings->ReadDecimal(text, path);
  if (!percentage.has_value()) return otherwise;
  if (percentage->sign() < 0 || *percentage > Rational(100)) {
    findings->Error(path, absl::StrCat(text, " is not from 0 to 100: 10 is the first tenth"));
  }
  return *percentage;
}

std::optional<RankBand> CompileRankBand(const v1::RankBand& band, const std::string& path,
                                        Compilation* c) {
  RankBand result;
  const std::optional<PeriodKind> period = CompileKind(band.period());
  if (!period.has_value()) {
    c->findings.Error(Child(path, "period"),
                      "is required: ranked is by the previous period of this kind, as in QUARTER");
  }
  result.period = period.value_or(PeriodKind::kQuarter);
  if (band.from_pct().empty() && band.to_pct().empty()) {
    c->findings.Error(path,
                      "states no band: give from_pct or to_pct, as in to_pct: 10 for the "
                      "first tenth");
  }
  result.from_pct = CompilePercentage(band.from_pct(), 0, Child(path, "from_pct"), &c->findings);
  result.to_pct = CompilePercentage(band.to_pct(), 100, Child(path, "to_pct"), &c->findings);
  if (result.to_pct <= result.from_pct) {
    c->findings.Error(Child(path, "to_pct"),
                      absl::StrCat(result.to_pct.ToText(9), " is not above from_pct, ",
                                   result.from_pct.ToText(9), ": nobody would be in the band"));
  }
  std::optional<Measure> measure;
  if (band.has_measure()) {
    const Around around = {.scope = Scope::kOwn, .is_components = false, .period = period};
    measure = CompileMeasure(band.measure(), around, Child(path, "measure"), c);
  } else {
    c->findings.Error(Child(path, "measure"),
                      "is required: what is ranked by, as in {deals: {value: AMOUNT}}");
  }
  if (!measure.has_value()) return std::nullopt;
  result.measure = *std::move(measure);
  return result;
}

}  // namespace

Eligibility CompileEligibility(const v1::Eligibility& eligibility, Compilation* c) {
  Findings* findings = &c->findings;
  Eligibility result;
  result.roles = CompileTexts(eligibility.roles(), "eligibility.roles", findings);
  result.teams = CompileTexts(eligibility.teams(), "eligibility.teams", findings);
  result.territories = CompileTexts(eligibility.territories(), "eligibility.territories", findings);
  result.participants.assign(eligibility.participants().begin(), eligibility.participants().end());
  for (int i = 0; i < eligibility.participants_size(); ++i) {
    findings->CheckId(eligibility.participants(i), Element("eligibility.participants", i));
  }
  for (const auto& [name, list] : eligibility.attributes()) {
    const std::string here = Entry("eligibility.attributes", name);
    if (name.empty()) findings->Error(here, "has no name: name the attribute");
    if (list.values().empty()) {
      findings->Error(here, "is empty and would match nobody: name at least one value");
    }
    result.attributes[name] = CompileTexts(list.values(), Child(here, "values"), findings);
  }
  if (eligibility.has_rank_band()) {
    result.rank_band = CompileRankBand(eligibility.rank_band(), "eligibility.rank_band", c);
  }
  return result;
}

}  // namespace payfold
