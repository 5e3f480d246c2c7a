// Payouts other than the bands themselves.

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "ledger/plan/compile_parts.h"

namespace payfold {
namespace {

bool NeedsMeasure(v1::Payout::KindCase kind) {
  switch (kind) {
    case v1::Payout::kRate:
    case v1::Payout::kPerUnit:
    case v1::Payout::kBands:
    case v1::Payout::kPerDeal:
      return true;
    default:
      return false;
  }
}

PerDeal CompilePerDeal(const v1::PerDeal& per_deal, const BandsContext& context,
                       const std::string& path, Findings* findings) {
  PerDeal result;
  switch (per_deal.kind_case()) {
    case v1::PerDeal::kRate:
      result.rate = CompileRate(per_deal.rate(), Child(path, "rate"), findings);
      break;
    case v1::PerDeal::kBands:
      result.bands = CompileBands(per_deal.bands(), context, Child(path, "bands"), findings);
      break;
    case v1::PerDeal::KIND_NOT_SET:
      findings->Error(path, "says not what a deal pays: give `rate` or `bands`");
      break;
  }
  if (!per_deal.min_amount().empty()) {
    const std::string here = Child(path, "min_amount");
    result.min_amount = findings->ReadDecimal(per_deal.min_amount(), here);
    if (result.min_amount.has_value() && result.min_amount->sign() < 0) {
      findings->Error(here, absl::StrCat(per_deal.min_amount(), " is below 0"));
    }
  }
  if (!per_deal.cap().empty()) {
    const std::string here = Child(path, "cap");
    result.cap = findings->ReadDecimal(per_deal.cap(), here);
    if (result.cap.has_value() && result.cap->sign() <= 0) {
      findings->Error(here, absl::StrCat(per_deal.cap(), " is not above 0"));
    }
  }
  return result;
}

void CheckPerDealMeasure(const v1::Component& component, const Component& so_far,
                         const std::string& path, Findings* findings) {
  if (!so_far.measure.has_value()) return;
  if (so_far.measure->value != DealValue::kAmount) {
    findings->Error(Child(path, "measure.deals.value"),
                    absl::StrCat(v1::DealMeasure::Value_Name(component.measure().deals().value()),
                                 " does not go with per_deal, which pays on the credit of each "
                                 "deal: use AMOUNT"));
  }
  if (so_far.measure->scope != Scope::kOwn) {
    const bool inner = component.measure().scope() != v1::SCOPE_UNSPECIFIED;
    findings->Error(Child(path, inner ? "measure.scope" : "scope"),
                    "per_deal pays on the participant's own credit: use OWN");
  }
}

}  // namespace

Rational CompileRate(const std::string& text, const std::string& path, Findings* findings) {
  const std::optional<Rational> rate = findings->ReadShare(text, path);
  if (!rate.has_value()) return 0;
  if (rate->sign() < 0) {
    findings->Warning(path, absl::StrCat(text, " is negative: it takes money from who sells"));
  } else if (*rate > Rational(1) && !absl::EndsWith(text, "%")) {
    findings->Warning(path, absl::StrCat("a rate of ", text, " is ", (*rate * 100).ToText(9),
                                         "%: write \"", text, "%\" if that is meant"));
  }
  return *rate;
}

Rational CompileMoney(const std::string& text, const std::string& path, Findings* findings) {
  const std::optional<Rational> amount = findings->ReadDecimal(text, path);
  if (!amount.has_value()) return 0;
  if (amount->sign() < 0) {
    findings->Warning(path, absl::StrCat(text, " is negative: it takes money from who sells"));
  }
  return *amount;
}

Payout CompilePayout(const v1::Component& component, const Component& so_far,
                     const std::string& path, Findings* findings) {
  const v1::Payout& payout = component.payout();
  const std::string here = Child(path, "payout");
  if (NeedsMeasure(payout.kind_case()) && !component.has_measure()) {
    findings->Error(Child(path, "measure"),
                    "is required by this payout: add it, as in {deals: {value: AMOUNT}}");
  }
  BandsContext context;
  context.component = &so_far;
  context.scope = CompileScope(component.scope(), Scope::kOwn);
  context.has_target = component.has_target();
  Payout result;
  switch (payout.kind_case()) {
    case v1::Payout::kRate:
      result.kind = Payout::Kind::kRate;
      result.value = CompileRate(payout.rate(), Child(here, "rate"), findings);
      break;
    case v1::Payout::kPerUnit:
      result.kind = Payout::Kind::kPerUnit;
      result.value = CompileMoney(payout.per_unit(), Child(here, "per_unit"), findings);
      break;
    case v1::Payout::kFixed:
      result.kind = Payout::Kind::kFixed;
      result.value = CompileMoney(payout.fixed(), Child(here, "fixed"), findings);
      break;
    case v1::Payout::kBands:
      result.kind = Payout::Kind::kBands;
      result.bands = CompileBands(payout.bands(), context, Child(here, "bands"), findings);
      break;
    case v1::Payout::kPerDeal:
      result.kind = Payout::Kind::kPerDeal;
      context.per_deal = true;
      result.per_deal =
          CompilePerDeal(payout.per_deal(), context, Child(here, "per_deal"), findings);
      CheckPerDealMeasure(component, so_far, path, findings);
      break;
    case v1::Payout::KIND_NOT_SET:
      findings->Error(here, "is required: give one of rate, per_unit, fixed, bands, per_deal");
      break;
    default:
      break;
  }
  return result;
}

bool PaysTargetIncentive(const Payout& payout) {
  const auto is_multiple = [](const Band& band) { return band.pay == Band::Pay::kMultiple; };
  const std::vector<Band>& bands =
      payout.kind == Payout::Kind::kPerDeal ? payout.per_deal.bands.bands : payout.bands.bands;
  return std::any_of(bands.begin(), bands.end(), is_multiple);
}

}  // namespace payfold
