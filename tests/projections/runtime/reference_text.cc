#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/projections/runtime/test_ledger.h"

namespace payfold_testing {
namespace {

using ::payfold::Reference;

std::string PeopleText(const Reference& reference) {
  std::string text;
  for (uint32_t person = 0; person < reference.org->size(); ++person) {
    absl::StrAppend(&text, "participant ", person, " ", reference.org->Id(person), "\n");
    for (const payfold::ParticipantState& state : reference.org->States(person)) {
      absl::StrAppend(&text, "  ", state.from.ToString(), " @", state.position, " ", state.role,
                      " ", state.team, " ", state.manager, "\n");
    }
  }
  return text;
}

std::string PlansText(const Reference& reference) {
  std::string text;
  for (const auto& [id, plan] : *reference.plans) {
    absl::StrAppend(&text, "plan ", id, "\n");
    for (const auto& version : plan.versions()) {
      const std::optional<payfold::Date> retired = plan.RetiredAfter(*version);
      absl::StrAppend(&text, "  version ", version->version, " @", version->position, " until ",
                      retired.has_value() ? retired->ToString() : "-", "\n");
    }
    for (uint32_t person = 0; person < reference.org->size(); ++person) {
      for (const payfold::Assignment& assignment : plan.Assignments(person)) {
        absl::StrAppend(&text, "  assigned ", person, " ", assignment.from.ToString(), " @",
                        assignment.position, "\n");
      }
    }
  }
  return text;
}

std::string NumbersText(const Reference& reference) {
  std::string text;
  for (const auto& [key, quota] : *reference.quotas) {
    absl::StrAppend(&text, "quota ", std::get<0>(key), " ", std::get<1>(key), " ", std::get<2>(key),
                    " @", quota.position, "\n");
  }
  for (const auto& [pair, rates] : *reference.rates) {
    absl::StrAppend(&text, "rates ", pair.first, pair.second);
    for (const payfold::ExchangeRate& rate : rates) absl::StrAppend(&text, " @", rate.position);
    absl::StrAppend(&text, "\n");
  }
  std::set<uint64_t> policies;
  for (int day = 0; day < 400; ++day) {
    const payfold::SplitPolicy* policy =
        reference.policies->InForce(payfold::Date::Of(2024, 12, 1) + day);
    if (policy != nullptr) policies.insert(policy->position);
  }
  for (uint64_t position : policies) absl::StrAppend(&text, "policy @", position, "\n");
  return text;
}

}  // namespace

std::string TextBesideDays(const Reference& reference) {
  std::string text =
      absl::StrCat(reference.configuration.has_value() ? reference.configuration->position : 0,
                   "\n", PeopleText(reference), PlansText(reference), NumbersText(reference));
  for (const payfold::PostedAdjustment& posted : *reference.adjustments) {
    absl::StrAppend(&text, "adjustment @", posted.position, "\n");
  }
  for (const auto& [key, goal] : *reference.goals) {
    const auto& [person, plan, component, period] = key;
    absl::StrAppend(&text, "goal ", person, " ", plan, " ", component, " ", period, " ",
                    goal.goal_id, " @", goal.position, "\n");
  }
  for (const payfold::Opening& opening : *reference.openings) {
    absl::StrAppend(&text, "opening ", opening.participant, " ", opening.as_of.ToString(), " ",
                    static_cast<int>(opening.kind), " ", opening.amount, " ", opening.currency, " ",
                    opening.deal_id, " @", opening.position, "\n");
  }
  for (const payfold::ClosedPeriod& closed : reference.closes->periods) {
    absl::StrAppend(&text, "closed ", closed.label, " @", closed.position, " of ",
                    closed.statements, ", approved @", closed.approved_position, "\n");
  }
  for (const payfold::RecordedPayment& payment : reference.payments->all) {
    absl::StrAppend(&text, "payment ", payment.reference, " @", payment.position, "\n");
  }
  for (const payfold::OpenedDispute& dispute : reference.disputes->all) {
    absl::StrAppend(&text, "dispute ", dispute.dispute_id, " @", dispute.position, " to ",
                    dispute.resolved_position, "\n");
  }
  for (const payfold::StatedVoid& stated : *reference.voids) {
    absl::StrAppend(&text, "void in ", stated.stream, " @", stated.position, "\n");
  }
  for (const auto& [id, position] : *reference.waiting_voids) {
    absl::StrAppend(&text, "void of ", id, " @", position, "\n");
  }
  return text;
}

std::string ToText(const Reference& reference) {
  std::string text = TextBesideDays(reference);
  for (const auto& [day, deals] : *reference.last_days) {
    absl::StrAppend(&text, "last day ", day.ToString(), " of ", deals, "\n");
  }
  return text;
}

}  // namespace payfold_testing
