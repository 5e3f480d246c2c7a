// Attainments: measure against target, and the way to the next band.

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/base/status_macros.h"
#include "projections/earnings/element_text.h"
#include "projections/earnings/evaluator.h"
#include "projections/queries.h"
#include "projections/statements/lookup.h"

namespace payfold {
namespace {

// The band reached and what is missing to the next one.
void SetBand(const Group& group, const Rational& x, v1::Attainment* attainment) {
  const Bands& bands = group.bands;
  const int band = BandAt(bands, x);
  attainment->set_band(band);
  std::optional<Rational> edge;
  if (band > 0) {
    edge = bands.bands[static_cast<size_t>(band - 1)].upto;
  } else if (x <= bands.from) {
    edge = bands.from;
  }
  if (!edge.has_value()) return;
  Rational missing = *edge - x;
  const Measure& measure = *group.component->measure;
  if (bands.basis == Bands::Basis::kAttainment) {
    missing *= group.own.target->value;
  } else if (measure.is_money()) {
    missing *= Rational(group.currency().minor_per_major());
  }
  attainment->set_to_next_band(MeasureNumber(missing, measure, group.currency()));
}

v1::Attainment AttainmentOf(const Group& group, const Reference& reference) {
  const Measure& measure = *group.component->measure;
  const Currency currency = group.currency();
  v1::Attainment attainment;
  attainment.set_participant_id(reference.org->Id(group.participant));
  attainment.set_plan_id(group.program().plan_id);
  attainment.set_component_id(group.component->component_id);
  attainment.set_measurement_period(reference.calendar().Label(group.period));
  const Cut end{group.period.last()};
  const std::optional<Rational> value = ValueAt(*group.own.taken, end, currency);
  attainment.set_measure(value.has_value() ? MeasureNumber(*value, measure, currency)
                                           : "undefined");
  if (group.own.has_target) {
    attainment.set_target(group.own.target.has_value()
                              ? MeasureNumber(group.own.target->value, measure, currency)
                              : "undefined");
  }
  const std::optional<Rational> ratio = AttainmentAt(group.own, end, currency);
  if (ratio.has_value()) {
    attainment.set_attainment(ratio->ToString());
    attainment.set_attainment_percent(absl::StrCat((*ratio * 100).ToText(2), "%"));
  }
  if (group.component->payout.kind == Payout::Kind::kBands && !group.by.has_value()) {
    const std::optional<Rational> x = group.bands.basis == Bands::Basis::kAttainment
                                          ? ratio
                                          : MeasureAt(group.own, end, currency);
    if (x.has_value()) SetBand(group, *x, &attainment);
  }
  return attainment;
}

}  // namespace

absl::StatusOr<std::vector<v1::Attainment>> ListAttainments(const FactsView& view,
                                                            absl::string_view participant_id,
                                                            absl::string_view period_label) {
  ASSIGN_OR_RETURN(const std::vector<uint32_t> participants,
                   SelectParticipants(view, participant_id));
  ASSIGN_OR_RETURN(const Period period, ParsePeriod(view, period_label));
  Evaluator evaluator(view);
  std::vector<v1::Attainment> attainments;
  for (uint32_t participant : participants) {
    RETURN_IF_ERROR(
        VisitGroups(&evaluator, participant, period, [&](const GroupQuery& query) -> absl::Status {
          ASSIGN_OR_RETURN(const std::shared_ptr<const Group> group, evaluator.GroupOf(query));
          attainments.push_back(AttainmentOf(*group, view.reference()));
          return absl::OkStatus();
        }));
  }
  return attainments;
}

}  // namespace payfold
