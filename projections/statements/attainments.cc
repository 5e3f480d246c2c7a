// Attainments: measure against target, and the way to the next band.

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/base/status_macros.h"
#include "projections/earnings/evaluator.h"
#include "projections/earnings/explanation.h"
#include "projections/queries.h"
#include "projections/statements/lookup.h"

namespace payfold {
namespace {

// The band reached and what is missing to the next one.
void SetBand(const Group& group, const Rational& measure, v1::Attainment* attainment) {
  const Component& component = *group.component;
  if (component.payout.kind != Payout::Kind::kBands ||
      component.payout.bands.by_measure.has_value()) {
    return;
  }
  const Bands& bands = component.payout.bands;
  const Currency currency = group.program().currency;
  const std::optional<Rational> x =
      BandPosition(group, bands, InPayoutUnit(measure, *component.measure, currency));
  if (!x.has_value()) return;
  const int band = BandAt(bands, *x);
  attainment->set_band(band);
  std::optional<Rational> edge;
  if (band > 0) {
    edge = bands.bands[static_cast<size_t>(band - 1)].upto;
  } else if (*x <= bands.from) {
    edge = bands.from;
  }
  if (!edge.has_value()) return;
  Rational missing = *edge - *x;
  if (bands.basis == Bands::Basis::kAttainment) {
    missing *= group.target->value;
  } else if (component.measure->is_money()) {
    missing *= Rational(currency.minor_per_major());
  }
  attainment->set_to_next_band(MeasureNumber(missing, *component.measure, currency));
}

v1::Attainment AttainmentOf(const Group& group, const Reference& reference) {
  const Measure& measure = *group.component->measure;
  const Currency currency = group.program().currency;
  v1::Attainment attainment;
  attainment.set_participant_id(reference.org->Id(group.participant));
  attainment.set_plan_id(group.program().plan_id);
  attainment.set_component_id(group.component->component_id);
  attainment.set_measurement_period(reference.calendar().Label(group.period));
  const Rational value = MeasureUpTo(group, group.period.last());
  attainment.set_measure(MeasureNumber(value, measure, currency));
  if (group.component->target.has_value()) {
    attainment.set_target(group.target.has_value()
                              ? MeasureNumber(group.target->value, measure, currency)
                              : "undefined");
  }
  if (group.target.has_value() && !group.target->value.is_zero()) {
    const Rational ratio = value / group.target->value;
    attainment.set_attainment(ratio.ToString());
    attainment.set_attainment_percent(absl::StrCat((ratio * 100).ToText(2), "%"));
  }
  SetBand(group, value, &attainment);
  return attainment;
}

absl::Status AddAttainments(Evaluator* evaluator, uint32_t participant, const Period& asked,
                            std::vector<v1::Attainment>* attainments) {
  const Reference& reference = evaluator->view().reference();
  for (const auto& [plan_id, history] : *reference.plans) {
    const std::shared_ptr<const DaySet> in_plan = evaluator->InPlan(participant, history);
    for (const VersionRun& run : history.runs()) {
      for (const Component& component : run.version->program.components) {
        if (!component.measure.has_value()) continue;
        for (const Period& period :
             evaluator->MeasurementPeriods(component, {asked.first(), asked.last()})) {
          const Days in_force = Days{run.first, run.last} & Days{period.first(), period.last()};
          if (in_force.empty() || !in_plan->Overlaps(in_force)) continue;
          ASSIGN_OR_RETURN(
              const std::shared_ptr<const Group> group,
              evaluator->GroupOf(participant, history, *run.version, component, period, false));
          attainments->push_back(AttainmentOf(*group, reference));
        }
      }
    }
  }
  return absl::OkStatus();
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
    RETURN_IF_ERROR(AddAttainments(&evaluator, participant, period, &attainments));
  }
  return attainments;
}

}  // namespace payfold
