#include "projections/statements/causes.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "ledger/admission/stream_name.h"
#include "ledger/base/status_macros.h"
#include "projections/earnings/explanation.h"

namespace payfold {
namespace {

constexpr int kMostPositions = 100;
constexpr size_t kNamedFacts = 3;

// Whether more than one fact says who is credited, so that it may have been somebody else.
bool HasChangedHands(const DealFacts& deal) {
  int facts = 0;
  for (const DealFact& fact : deal.facts) {
    if (fact.kind == DealFact::Kind::kPipeline) continue;
    const bool names = fact.owner.has_value() || !fact.members.empty() || !fact.shares.empty();
    if (names || fact.kind == DealFact::Kind::kVoid) ++facts;
  }
  return facts > 1;
}

}  // namespace

LateFacts::LateFacts(const FactsView& view)
    : view_(view), since_(view.reference().closes->folded_position()) {
  if (since_ == 0) return;
  AddPlans();
  AddQuotas();
  const Reference& reference = view_.reference();
  for (const auto& [pair, rates] : *reference.rates) {
    for (const ExchangeRate& rate : rates) {
      if (rate.position > since_) changes_.push_back({rate.position, rate.from, "", ""});
    }
  }
  for (const SplitPolicy& policy : reference.policies->all()) {
    if (policy.position <= since_) continue;
    changes_.push_back({policy.position, policy.effective_from, "", ""});
  }
  AddVoids();
}

void LateFacts::AddPlans() {
  for (const auto& [plan_id, history] : *view_.reference().plans) {
    for (const auto& version : history.versions()) {
      if (version->position <= since_) continue;
      changes_.push_back({version->position, version->program.start, plan_id, ""});
    }
    for (const Retirement& retirement : history.retirements()) {
      if (retirement.position <= since_) continue;
      changes_.push_back({retirement.position, retirement.effective_to, plan_id, ""});
    }
  }
}

void LateFacts::AddQuotas() {
  for (const auto& [key, quota] : *view_.reference().quotas) {
    if (quota.position <= since_) continue;
    const auto& [metric, subject, label] = key;
    const absl::StatusOr<Period> period = view_.reference().calendar().Parse(label);
    changes_.push_back({quota.position, period.ok() ? period->first() : Date::Min(), "", subject});
  }
}

// The fact itself is gone, so that its date is not known.
void LateFacts::AddVoids() {
  for (const StatedVoid& stated : *view_.reference().voids) {
    if (stated.position <= since_) continue;
    const std::vector<std::string> parts = absl::StrSplit(stated.stream, '/');
    Change change{stated.position, Date::Min(), "", ""};
    if (parts[0] == "participants" && parts.size() > 1) change.person = parts[1];
    if (parts[0] == "plans" && parts.size() > 1) change.plan = parts[1];
    if ((parts[0] == "quotas" || parts[0] == "metrics") && parts.size() > 2) {
      change.person = parts[2];
    }
    changes_.push_back(std::move(change));
  }
}

absl::Status CauseFinder::SetCause(v1::PriorPeriodAdjustment* difference) {
  if (late_.since() == 0) {
    difference->set_cause(absl::StrCat("nothing was posted for ", difference->origin_period(),
                                       ", which lies before the first close"));
    return absl::OkStatus();
  }
  const Reference& reference = evaluator_->reference();
  ASSIGN_OR_RETURN(const Period origin, reference.calendar().Parse(difference->origin_period()));
  const std::string& plan_id = difference->difference().plan_id();
  Positions positions;
  if (!plan_id.empty()) RETURN_IF_ERROR(AddFromLines(origin, plan_id, &positions));
  AddFromReference(origin, plan_id, &positions);
  AddOwnFacts(origin, plan_id, &positions);
  for (const v1::StatementAdjustment& adjustment : difference->adjustments()) {
    if (adjustment.position() > late_.since()) positions.insert(adjustment.position());
  }
  // Of the payout period itself, else of its year, else of any day before its end: a
  // draw's balance and held money come from long ago.
  const bool earned = difference->difference().earned_minor_units() != 0;
  const Date year = reference.calendar().Containing(PeriodKind::kYear, origin.first()).first();
  if (earned) RETURN_IF_ERROR(AddFromDeals(origin.first(), origin, &positions));
  if (earned && positions.empty()) RETURN_IF_ERROR(AddFromDeals(year, origin, &positions));
  if (positions.empty()) RETURN_IF_ERROR(AddFromDeals(Date::Min(), origin, &positions));
  ASSIGN_OR_RETURN(*difference->mutable_cause(), Sentence(positions));
  for (uint64_t position : positions) {
    if (difference->positions_size() < kMostPositions) difference->add_positions(position);
  }
  return absl::OkStatus();
}

absl::Status CauseFinder::AddFromLines(const Period& origin, absl::string_view plan_id,
                                       Positions* positions) {
  ASSIGN_OR_RETURN(const std::vector<EarnedLine> lines, evaluator_->LinesOf(participant_, origin));
  const auto add = [&](const auto& list) {
    for (uint64_t position : list) {
      if (position > late_.since()) positions->insert(position);
    }
  };
  for (const EarnedLine& line : lines) {
    if (line.program().plan_id != plan_id) continue;
    ASSIGN_OR_RETURN(const v1::Explanation explanation, ExplainEarnedLine(evaluator_, line));
    add(explanation.positions());
    for (const v1::Attribution& attribution : explanation.attributions()) {
      add(attribution.positions());
    }
  }
  return absl::OkStatus();
}

void CauseFinder::AddFromReference(const Period& origin, absl::string_view plan_id,
                                   Positions* positions) {
  const Org& org = *evaluator_->reference().org;
  const ParticipantState* state = org.StateOn(participant_, origin.last());
  for (const LateFacts::Change& change : late_.changes()) {
    const bool is_of_plan = change.plan.empty() || change.plan == plan_id;
    const bool is_theirs = change.person.empty() || change.person == "*" ||
                           change.person == org.Id(participant_) ||
                           (state != nullptr && change.person == state->team);
    if (is_of_plan && is_theirs && change.from <= origin.last()) {
      positions->insert(change.position);
    }
  }
}

void CauseFinder::AddOwnFacts(const Period& origin, absl::string_view plan_id,
                              Positions* positions) {
  const Reference& reference = evaluator_->reference();
  const auto add = [&](uint64_t position, Date from) {
    if (position > late_.since() && from <= origin.last()) positions->insert(position);
  };
  for (const ParticipantState& state : reference.org->States(participant_)) {
    add(state.position, state.from);
  }
  if (const auto plan = reference.plans->find(std::string(plan_id));
      plan != reference.plans->end()) {
    for (const Assignment& assignment : plan->second.Assignments(participant_)) {
      add(assignment.position, assignment.from);
    }
  }
  for (const auto& [key, goal] : *reference.goals) {
    if (std::get<0>(key) == participant_ && std::get<1>(key) == plan_id) {
      add(goal.position, Date::Min());
    }
  }
  for (const Opening& opening : *reference.openings) {
    if (opening.participant == participant_) add(opening.position, opening.as_of);
  }
}

absl::Status CauseFinder::ReadDeals() {
  const FactsView& view = evaluator_->view();
  ASSIGN_OR_RETURN(const std::vector<Credit> credits,
                   view.GetCredits(participant_, Date::Min(), Date::Max()));
  std::map<uint32_t, bool> streams;  // and whether the deal is the participant's
  for (const Credit& credit : credits) streams[credit.deal] = true;
  std::vector<uint32_t> taken;
  RETURN_IF_ERROR(view.facts().ReadTaken(participant_, &taken));
  for (uint32_t stream : taken) streams.try_emplace(stream, false);
  deals_.emplace();
  for (const auto& [stream, is_theirs] : streams) {
    ASSIGN_OR_RETURN(const DealFacts facts, view.GetDealFacts(stream));
    if (!is_theirs && !HasChangedHands(facts)) continue;
    LateDeal deal;
    deal.dates = StatedDates(facts);
    for (const DealFact& fact : facts.facts) {
      if (fact.position > late_.since()) deal.positions.push_back(fact.position);
    }
    if (!deal.positions.empty()) deals_->push_back(std::move(deal));
  }
  return absl::OkStatus();
}

absl::Status CauseFinder::AddFromDeals(Date first, const Period& origin, Positions* positions) {
  if (!deals_.has_value()) RETURN_IF_ERROR(ReadDeals());
  for (const LateDeal& deal : *deals_) {
    const bool touches = std::any_of(deal.dates.begin(), deal.dates.end(), [&](Date date) {
      return first <= date && date <= origin.last();
    });
    if (touches) positions->insert(deal.positions.begin(), deal.positions.end());
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> CauseFinder::Sentence(const Positions& positions) const {
  if (positions.empty()) {
    return absl::StrCat("facts about others after position ", late_.since(),
                        ", with whom the plan measures, ranks or shares");
  }
  std::string text;
  size_t named = 0;
  for (uint64_t position : positions) {
    if (named == kNamedFacts) break;
    ASSIGN_OR_RETURN(const v1::Event event, evaluator_->view().GetEvent(position));
    absl::StrAppend(&text, named++ == 0 ? "" : ", ", KindName(event), " of ", event.stream(),
                    " at position ", position);
  }
  if (positions.size() > named) {
    absl::StrAppend(&text, " and ", positions.size() - named, " more");
  }
  return text;
}

}  // namespace payfold
