// Attainments: measure against target, and the way to the next band.

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ledger/base/status_macros.h"
#include "ledger/plan/bands.h"
#include "projections/earnings/element_text.h"
#include "projections/earnings/evaluator.h"
#include "projections/queries.h"
#include "projections/statements/lookup.h"
#include "projections/statements/next_steps.h"

namespace payfold {
namespace {

// What the component measures: under payout `goals` what the chosen goal does; null
// if that is nothing.
const Gauge* GaugeOf(const Group& group) {
  const bool by_goal = group.component->payout.kind == Payout::Kind::kGoals;
  if (by_goal && group.goal.has_value()) return &group.goal->gauge;
  return group.own.taken == nullptr ? nullptr : &group.own;
}

v1::Attainment AttainmentOf(const Group& group, const Gauge& gauge, const Reference& reference) {
  const Measure& measure = *gauge.taken->measure;
  const Currency currency = group.currency();
  v1::Attainment attainment;
  attainment.set_participant_id(reference.org->Id(group.participant));
  attainment.set_plan_id(group.program().plan_id);
  attainment.set_component_id(group.component->component_id);
  attainment.set_measurement_period(reference.calendar().Label(group.period));
  const Cut end{group.period.last()};
  const std::optional<Rational> value = ValueAt(*gauge.taken, end, currency);
  attainment.set_measure(value.has_value() ? MeasureNumber(*value, measure, currency)
                                           : "undefined");
  if (gauge.has_target) {
    attainment.set_target(gauge.target.has_value()
                              ? MeasureNumber(gauge.target->value, measure, currency)
                              : "undefined");
  }
  const std::optional<Rational> ratio = AttainmentAt(gauge, end, currency);
  if (ratio.has_value()) {
    attainment.set_attainment(ratio->ToString());
    attainment.set_attainment_percent(AttainmentText(*ratio));
  }
  if (group.component->payout.kind == Payout::Kind::kBands && !group.by.has_value()) {
    const std::optional<Rational> x = group.bands.basis == Bands::Basis::kAttainment
                                          ? ratio
                                          : MeasureAt(group.own, end, currency);
    if (x.has_value()) attainment.set_band(BandAt(group.bands, *x));
  }
  for (v1::NextStep& step : NextSteps(group, end)) {
    if (step.kind() == v1::NextStep::BAND && !group.by.has_value()) {
      attainment.set_to_next_band(step.missing());
    }
    *attainment.add_next() = std::move(step);
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
          const Gauge* gauge = GaugeOf(*group);
          if (gauge == nullptr) return absl::OkStatus();
          attainments.push_back(AttainmentOf(*group, *gauge, view.reference()));
          return absl::OkStatus();
        }));
  }
  return attainments;
}

}  // namespace payfold
