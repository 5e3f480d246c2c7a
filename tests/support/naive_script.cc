#include "tests/support/naive_script.h"

#include "absl/strings/str_cat.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "ledger/base/check.h"
#include "ledger/calendar/date.h"
#include "tests/support/folded_company.h"
#include "tests/support/naive_evaluator.h"
#include "tests/support/random_company.h"

namespace payfold_testing {

using ::absl::StrCat;

namespace {

// The judge's lines, to which the engine's must be the same.
std::vector<NaiveLine> AgreedLines(const std::vector<payfold::v1::Event>& events,
                                   const std::string& horizon) {
  const payfold::Date upto = *payfold::Date::Parse(horizon);
  std::vector<NaiveLine> lines = NaiveLines(events, upto);
  FoldedCompany company;
  const absl::Status added = company.AddAll(events);
  EXPECT_TRUE(added.ok()) << added;
  EXPECT_EQ(EngineLines(company.View(), upto), ToText(lines)) << "engine and judge";
  return lines;
}

}  // namespace

Script::Script(const std::string& ledger) {
  Say(StrCat("ledger_configured {base_currency: 'USD' ", ledger, "}"));
}

Script& Script::Say(const std::string& event) {
  payfold::v1::Event said;
  CHECK(google::protobuf::TextFormat::ParseFromString(event, &said));
  said.set_event_id(StrCat("e", events_.size()));
  if (said.source().empty()) said.set_source("crm");
  events_.push_back(said);
  WriteEnvelopes(&events_);
  return *this;
}

Script& Script::Person(const std::string& id, const std::string& from, const std::string& state) {
  payfold::v1::ParticipantChanged fact;
  fact.set_participant_id(id);
  fact.set_effective_from(from);
  fact.set_status(payfold::v1::ParticipantChanged::ACTIVE);
  fact.set_role("ae");
  payfold::v1::ParticipantChanged changes;
  CHECK(google::protobuf::TextFormat::ParseFromString(state, &changes));
  fact.MergeFrom(changes);
  return Say(StrCat("participant_changed {", fact.ShortDebugString(), "}"));
}

Script& Script::Book(const std::string& deal, const std::string& owner, int64_t cents,
                     const std::string& date, const std::string& more) {
  return Say(StrCat("deal_booked {deal_id: '", deal, "' owner_id: '", owner,
                    "' amount {currency: 'USD' minor_units: ", cents, "} booked_on: '", date, "' ",
                    more, "}"));
}

Script& Script::Adjust(const std::string& deal, int64_t cents, const std::string& date) {
  return Say(StrCat("deal_amended {deal_id: '", deal, "' mode: ADJUST amended_on: '", date,
                    "' amount {currency: 'USD' minor_units: ", cents, "}}"));
}

Script& Script::Cancel(const std::string& deal, const std::string& date, int64_t cents) {
  const std::string amount =
      cents == 0 ? "" : StrCat("amount {currency: 'USD' minor_units: ", cents, "}");
  return Say(
      StrCat("deal_cancelled {deal_id: '", deal, "' cancelled_on: '", date, "' ", amount, "}"));
}

Script& Script::Metric(const std::string& name, const std::string& subject,
                       const std::string& value, const std::string& date, const std::string& more) {
  return Say(StrCat("metric_recorded {metric: '", name, "' participant_id: '", subject,
                    "' value: '", value, "' occurred_on: '", date, "' ", more, "}"));
}

Script& Script::Quota(const std::string& metric, const std::string& subject,
                      const std::string& period, const std::string& value) {
  return Say(StrCat("quota_set {metric: '", metric, "' subject: '", subject, "' period: '", period,
                    "' value: '", value, "'}"));
}

Script& Script::Incentive(const std::string& participant, int64_t cents, const std::string& from) {
  return Say(StrCat("plan_assigned {plan_id: 'p' participant_id: '", participant,
                    "' effective_from: '", from,
                    "' target_incentive {currency: 'USD' minor_units: ", cents, "}}"));
}

Script& Script::Plan(const std::string& fields) {
  return Say(
      StrCat("plan_published {plan {plan_id: 'p' currency: 'USD' "
             "effective {start: '2025-01-01'} eligibility {roles: 'ae'} ",
             fields, "}}"));
}

Script& Script::Pays(const std::string& component) {
  return Plan(StrCat("components {component_id: 'c' ", component, "}"));
}

std::string Script::Paid(const std::string& participant, const std::string& horizon) const {
  std::string text;
  for (const NaiveLine& line : AgreedLines(events_, horizon)) {
    if (line.participant_id != participant) continue;
    const bool is_plain = line.element == "rate" || line.element == "fixed";
    absl::StrAppend(&text, text.empty() ? "" : ", ", is_plain ? "" : line.element,
                    is_plain ? "" : "/", line.payout_period, " ", line.minor_units);
  }
  return text;
}

std::string Script::Lines(const std::string& horizon) const {
  return ToText(AgreedLines(events_, horizon));
}

}  // namespace payfold_testing
