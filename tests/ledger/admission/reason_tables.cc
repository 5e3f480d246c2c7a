#include "tests/ledger/admission/reason_tables.h"

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "ledger/admission/violation.h"
#include "payfold/v1/event.pb.h"
#include "tests/ledger/admission/admission_testing.h"

namespace payfold_testing {
namespace {

using ::payfold::Reason;
using ::payfold::v1::Event;

// The valid example of a kind, changed.
Event Changed(absl::string_view kind, const std::function<void(Event*)>& change) {
  for (Event& event : EventsOfEveryKind()) {
    if (event.event_id() != kind) continue;
    change(&event);
    return event;
  }
  return Event();
}

// Rows, built in pieces by subject.
class Rows {
 public:
  void Json(Reason reason, absl::string_view field, absl::string_view payload) {
    rows_.push_back({reason, std::string(field), Fact("e1", payload)});
  }
  void With(Reason reason, absl::string_view kind, absl::string_view field,
            const std::function<void(Event*)>& change) {
    rows_.push_back({reason, absl::StrCat(kind, ".", field), Changed(kind, change)});
  }
  void Envelope(Reason reason, absl::string_view field, const std::function<void(Event*)>& change) {
    rows_.push_back({reason, std::string(field), Changed("deal_booked", change)});
  }
  std::vector<RuleRow> Take() { return std::move(rows_); }

 private:
  std::vector<RuleRow> rows_;
};

const std::string& LongId() {
  static const std::string* const id = new std::string(129, 'x');
  return *id;
}

void AddEnvelope(Rows* rows) {
  rows->Envelope(Reason::kFieldMissing, "event_id", [](Event* e) { e->clear_event_id(); });
  rows->Envelope(Reason::kFieldMissing, "source", [](Event* e) { e->clear_source(); });
  for (const absl::string_view id : {"-a", "a b", "a/b", "ä", "a\n", "a*", LongId().c_str()}) {
    rows->Envelope(Reason::kIdMalformed, "event_id",
                   [id](Event* e) { e->set_event_id(std::string(id)); });
  }
  for (const absl::string_view id :
       {"close:2025-01", "statement:2025-01:ana:USD", "approve:2025-01", "payment:P-1",
        "replay-approved:r", "replay-committed:r", "statement.sha256:00"}) {
    rows->Envelope(Reason::kEventIdReserved, "event_id",
                   [id](Event* e) { e->set_event_id(std::string(id)); });
  }
  rows->Envelope(Reason::kIdMalformed, "source", [](Event* e) { e->set_source("my crm"); });
  rows->Envelope(Reason::kIdMalformed, "correlation_id",
                 [](Event* e) { e->set_correlation_id("#"); });
  rows->Envelope(Reason::kIdMalformed, "causation_id", [](Event* e) { e->set_causation_id("#"); });
  rows->Envelope(Reason::kLedgerFieldSet, "position", [](Event* e) { e->set_position(1); });
  rows->Envelope(Reason::kLedgerFieldSet, "recorded_at",
                 [](Event* e) { e->mutable_recorded_at(); });
  rows->Envelope(Reason::kLedgerFieldSet, "stream_version",
                 [](Event* e) { e->set_stream_version(1); });
  rows->Envelope(Reason::kLedgerFieldSet, "actor", [](Event* e) { e->set_actor("eve"); });
  rows->Envelope(Reason::kLedgerFieldSet, "stream", [](Event* e) { e->set_stream("deals/D-1"); });
  rows->Envelope(Reason::kPayloadMissing, "", [](Event* e) { e->clear_payload(); });
  for (const absl::string_view kind : {"statement_posted", "period_closed", "period_approved",
                                       "payment_recorded", "replay_approved", "replay_committed"}) {
    rows->Json(Reason::kPayloadOfLedger, kind, absl::StrCat("\"", kind, "\": {}"));
  }
  rows->With(Reason::kVoidsItself, "fact_voided", "event_id",
             [](Event* e) { e->mutable_fact_voided()->set_event_id("fact_voided"); });
}

void AddSealed(Rows* rows) {
  const auto sealed = [rows](absl::string_view kind, const std::function<void(Event*)>& seal) {
    rows->With(Reason::kLedgerFieldSet, kind, "sealed", seal);
  };
  sealed("participant_changed",
         [](Event* e) { e->mutable_participant_changed()->set_sealed("x"); });
  sealed("deal_cancelled", [](Event* e) { e->mutable_deal_cancelled()->set_sealed("x"); });
  sealed("adjustment_posted", [](Event* e) { e->mutable_adjustment_posted()->set_sealed("x"); });
  sealed("fact_voided", [](Event* e) { e->mutable_fact_voided()->set_sealed("x"); });
  sealed("dispute_opened", [](Event* e) { e->mutable_dispute_opened()->set_sealed("x"); });
  sealed("dispute_resolved", [](Event* e) { e->mutable_dispute_resolved()->set_sealed("x"); });
}

// One field of a kind's valid example after the other, broken in every way that
// a field of that type can be.
struct FieldCase {
  absl::string_view kind;
  absl::string_view field;
};

void SetText(Event* event, const FieldCase& c, const std::string& value) {
  const google::protobuf::FieldDescriptor* payload =
      Event::descriptor()->FindFieldByName(std::string(c.kind));
  google::protobuf::Message* message = event->GetReflection()->MutableMessage(event, payload);
  message->GetReflection()->SetString(
      message, message->GetDescriptor()->FindFieldByName(std::string(c.field)), value);
}

void AddText(Rows* rows, Reason reason, const FieldCase& c, const std::string& value) {
  rows->With(reason, c.kind, c.field, [&](Event* e) { SetText(e, c, value); });
}

void AddIds(Rows* rows) {
  const FieldCase kRequired[] = {
      {"participant_changed", "participant_id"},
      {"deal_booked", "deal_id"},
      {"deal_amended", "deal_id"},
      {"deal_invoiced", "deal_id"},
      {"payment_collected", "deal_id"},
      {"deal_cancelled", "deal_id"},
      {"pipeline_updated", "deal_id"},
      {"credit_split", "deal_id"},
      {"split_policy_set", "policy_id"},
      {"metric_recorded", "metric"},
      {"metric_recorded", "participant_id"},
      {"quota_set", "metric"},
      {"plan_retired", "plan_id"},
      {"plan_assigned", "plan_id"},
      {"plan_assigned", "participant_id"},
      {"goal_chosen", "participant_id"},
      {"goal_chosen", "plan_id"},
      {"goal_chosen", "component_id"},
      {"goal_chosen", "goal_id"},
      {"opening_balance", "participant_id"},
      {"adjustment_posted", "adjustment_id"},
      {"adjustment_posted", "participant_id"},
      {"payment_recorded", "participant_id"},
      {"payment_recorded", "reference"},
      {"fact_voided", "event_id"},
      {"dispute_opened", "dispute_id"},
      {"dispute_opened", "participant_id"},
      {"dispute_resolved", "dispute_id"},
      {"dispute_resolved", "participant_id"},
      {"participant_erased", "participant_id"},
  };
  const FieldCase kOptional[] = {
      {"participant_changed", "manager_id"}, {"deal_booked", "owner_id"},
      {"deal_amended", "owner_id"},          {"pipeline_updated", "owner_id"},
      {"opening_balance", "deal_id"},        {"adjustment_posted", "plan_id"},
      {"adjustment_posted", "component_id"}, {"adjustment_posted", "dispute_id"},
      {"dispute_resolved", "adjustment_id"},
  };
  for (const FieldCase& c : kRequired) {
    AddText(rows, Reason::kFieldMissing, c, "");
    AddText(rows, Reason::kIdMalformed, c, "a b");
  }
  for (const FieldCase& c : kOptional) AddText(rows, Reason::kIdMalformed, c, "**");
}

void AddDates(Rows* rows) {
  const FieldCase kRequired[] = {
      {"participant_changed", "effective_from"},
      {"deal_booked", "booked_on"},
      {"deal_amended", "amended_on"},
      {"deal_amended", "booked_on"},
      {"deal_invoiced", "date"},
      {"payment_collected", "date"},
      {"deal_cancelled", "cancelled_on"},
      {"split_policy_set", "effective_from"},
      {"metric_recorded", "occurred_on"},
      {"fx_rate_set", "effective_from"},
      {"plan_retired", "effective_to"},
      {"plan_assigned", "effective_from"},
      {"opening_balance", "as_of"},
      {"payment_recorded", "paid_on"},
      {"ledger_configured", "payout_anchor"},
  };
  const FieldCase kOptional[] = {{"participant_changed", "hired_on"},
                                 {"pipeline_updated", "expected_on"},
                                 {"plan_assigned", "effective_to"}};
  for (const FieldCase& c : kRequired) {
    AddText(rows, Reason::kFieldMissing, c, "");
    AddText(rows, Reason::kDateMalformed, c, "2025-02-30");
  }
  for (const FieldCase& c : kOptional) AddText(rows, Reason::kDateMalformed, c, "2025-2-3");
  AddText(rows, Reason::kDateMalformed, {"deal_booked", "booked_on"}, "1899-12-31");
  AddText(rows, Reason::kDatesOutOfOrder, {"plan_assigned", "effective_to"}, "2024-12-31");
  const FieldCase kPayoutPeriods[] = {{"adjustment_posted", "period"},
                                      {"period_approved", "period"},
                                      {"payment_recorded", "period"}};
  for (const FieldCase& c : kPayoutPeriods) {
    AddText(rows, Reason::kFieldMissing, c, "");
    AddText(rows, Reason::kPeriodMalformed, c, "2025-13");
    AddText(rows, Reason::kPeriodNotAPayoutPeriod, c, "2025");
    AddText(rows, Reason::kPeriodNotAPayoutPeriod, c, "2025-01-01..2025-01-13");
  }
  AddText(rows, Reason::kPeriodMalformed, {"dispute_opened", "period"}, "March");
  for (const FieldCase& c :
       {FieldCase{"quota_set", "period"}, FieldCase{"goal_chosen", "period"}}) {
    AddText(rows, Reason::kFieldMissing, c, "");
    AddText(rows, Reason::kPeriodMalformed, c, "2025-Q5");
  }
}

void AddTexts(Rows* rows) {
  const FieldCase kTexts[] = {
      {"participant_changed", "display_name"},
      {"participant_changed", "email"},
      {"participant_changed", "role"},
      {"participant_changed", "team"},
      {"participant_changed", "territory"},
      {"deal_booked", "product"},
      {"deal_booked", "segment"},
      {"deal_booked", "territory"},
      {"deal_booked", "channel"},
      {"deal_booked", "customer_id"},
      {"deal_amended", "product"},
      {"pipeline_updated", "stage"},
      {"quota_set", "subject"},
  };
  const FieldCase kLongTexts[] = {
      {"deal_cancelled", "reason"},    {"adjustment_posted", "reason"},
      {"fact_voided", "reason"},       {"dispute_opened", "text"},
      {"dispute_resolved", "outcome"}, {"participant_erased", "reason"},
  };
  const FieldCase kRequired[] = {
      {"adjustment_posted", "reason"}, {"fact_voided", "reason"},     {"dispute_opened", "text"},
      {"dispute_resolved", "outcome"}, {"pipeline_updated", "stage"}, {"quota_set", "subject"},
  };
  for (const FieldCase& c : kTexts) {
    AddText(rows, Reason::kTextTooLong, c, std::string(201, 'x'));
    AddText(rows, Reason::kTextNotUtf8, c, "caf\xE9");
  }
  for (const FieldCase& c : kLongTexts) {
    AddText(rows, Reason::kTextTooLong, c, std::string(2'001, 'x'));
    AddText(rows, Reason::kTextNotUtf8, c, "\xED\xA0\x80");
  }
  for (const FieldCase& c : kRequired) AddText(rows, Reason::kFieldMissing, c, "");
  AddText(rows, Reason::kTextTooLong, {"dispute_opened", "line_id"}, std::string(1'001, 'x'));
}

void AddCurrencies(Rows* rows) {
  const FieldCase kRequired[] = {
      {"ledger_configured", "base_currency"}, {"fx_rate_set", "base"}, {"fx_rate_set", "quote"}};
  for (const FieldCase& c : kRequired) {
    AddText(rows, Reason::kFieldMissing, c, "");
    AddText(rows, Reason::kCurrencyUnknown, c, "usd");
  }
  AddText(rows, Reason::kCurrencyUnknown, {"participant_changed", "pay_currency"}, "BTC");
  AddText(rows, Reason::kCurrenciesEqual, {"fx_rate_set", "quote"}, "EUR");
}

void AddDecimals(Rows* rows) {
  const FieldCase kProbability = {"pipeline_updated", "probability"};
  const FieldCase kValue = {"metric_recorded", "value"};
  const FieldCase kQuota = {"quota_set", "value"};
  const FieldCase kRate = {"fx_rate_set", "rate"};
  for (const FieldCase& c : {kValue, kQuota, kRate}) AddText(rows, Reason::kFieldMissing, c, "");
  for (const absl::string_view bad : {"-0", "-0.0", "+1", "1e3", ".5", "5.", "1,5", " 1",
                                      "0.1234567890", "1234567890123456789", "NaN", "--1"}) {
    AddText(rows, Reason::kDecimalMalformed, kValue, std::string(bad));
  }
  AddText(rows, Reason::kDecimalOutOfRange, kProbability, "-0.1");
  AddText(rows, Reason::kDecimalOutOfRange, kProbability, "1.000000001");
  AddText(rows, Reason::kDecimalOutOfRange, kQuota, "-1");
  AddText(rows, Reason::kDecimalOutOfRange, kRate, "0");
  AddText(rows, Reason::kDecimalOutOfRange, kRate, "-1.1");
}

using GetAmount = std::function<payfold::v1::Money*(Event*)>;

void AddAmounts(Rows* rows) {
  const struct {
    absl::string_view kind;
    absl::string_view field;
    GetAmount get;
    std::vector<int64_t> bad;
  } kAmounts[] = {
      {"deal_booked",
       "amount",
       [](Event* e) { return e->mutable_deal_booked()->mutable_amount(); },
       {-1}},
      {"deal_amended",
       "amount",
       [](Event* e) { return e->mutable_deal_amended()->mutable_amount(); },
       {-1}},
      {"deal_invoiced",
       "amount",
       [](Event* e) { return e->mutable_deal_invoiced()->mutable_amount(); },
       {-1}},
      {"payment_collected",
       "amount",
       [](Event* e) { return e->mutable_payment_collected()->mutable_amount(); },
       {-1}},
      {"deal_cancelled",
       "amount",
       [](Event* e) { return e->mutable_deal_cancelled()->mutable_amount(); },
       {-1, 0}},
      {"pipeline_updated",
       "amount",
       [](Event* e) { return e->mutable_pipeline_updated()->mutable_amount(); },
       {-1}},
      {"plan_assigned",
       "target_incentive",
       [](Event* e) { return e->mutable_plan_assigned()->mutable_target_incentive(); },
       {-1}},
      {"opening_balance",
       "amount",
       [](Event* e) { return e->mutable_opening_balance()->mutable_amount(); },
       {-1}},
      {"adjustment_posted",
       "amount",
       [](Event* e) { return e->mutable_adjustment_posted()->mutable_amount(); },
       {0, -1'000'000'000'000'001}},
      {"payment_recorded",
       "amount",
       [](Event* e) { return e->mutable_payment_recorded()->mutable_amount(); },
       {-1, 0}},
  };
  for (const auto& amount : kAmounts) {
    std::vector<int64_t> bad = amount.bad;
    bad.push_back(1'000'000'000'000'001);
    for (const int64_t minor : bad) {
      rows->With(Reason::kAmountOutOfRange, amount.kind, absl::StrCat(amount.field, ".minor_units"),
                 [&](Event* e) { amount.get(e)->set_minor_units(minor); });
    }
    const std::string currency = absl::StrCat(amount.field, ".currency");
    rows->With(Reason::kFieldMissing, amount.kind, currency,
               [&](Event* e) { amount.get(e)->clear_currency(); });
    rows->With(Reason::kCurrencyUnknown, amount.kind, currency,
               [&](Event* e) { amount.get(e)->set_currency("US"); });
  }
  rows->With(Reason::kFieldMissing, "deal_booked", "amount",
             [](Event* e) { e->mutable_deal_booked()->clear_amount(); });
  rows->With(Reason::kFieldMissing, "deal_invoiced", "amount",
             [](Event* e) { e->mutable_deal_invoiced()->clear_amount(); });
  rows->With(Reason::kFieldMissing, "opening_balance", "amount",
             [](Event* e) { e->mutable_opening_balance()->clear_amount(); });
  rows->With(Reason::kFieldMissing, "payment_recorded", "amount",
             [](Event* e) { e->mutable_payment_recorded()->clear_amount(); });
  rows->Json(Reason::kFieldMissing, "deal_amended.amount",
             R"("deal_amended": {"deal_id": "D", "amended_on": "2025-01-01", "mode": "ADJUST"})");
}

template <typename Enum>
Enum Unknown() {
  return static_cast<Enum>(99);
}

void AddEnums(Rows* rows) {
  using payfold::v1::DealAmended;
  using payfold::v1::LedgerConfigured;
  using payfold::v1::OpeningBalance;
  using payfold::v1::ParticipantChanged;
  rows->With(Reason::kEnumUnknown, "participant_changed", "status", [](Event* e) {
    e->mutable_participant_changed()->set_status(Unknown<ParticipantChanged::Status>());
  });
  rows->With(Reason::kFieldMissing, "participant_changed", "status",
             [](Event* e) { e->mutable_participant_changed()->clear_status(); });
  rows->With(Reason::kEnumUnknown, "deal_amended", "mode",
             [](Event* e) { e->mutable_deal_amended()->set_mode(Unknown<DealAmended::Mode>()); });
  rows->With(Reason::kEnumUnknown, "ledger_configured", "payout_period", [](Event* e) {
    e->mutable_ledger_configured()->set_payout_period(Unknown<LedgerConfigured::PayoutPeriod>());
    e->mutable_ledger_configured()->clear_payout_anchor();
  });
  rows->With(Reason::kEnumUnknown, "opening_balance", "kind", [](Event* e) {
    e->mutable_opening_balance()->set_kind(Unknown<OpeningBalance::Kind>());
    e->mutable_opening_balance()->clear_deal_id();
  });
}

// Assigned as a string: GCC 12 warns wrongly of literals of one character.
std::string Short(absl::string_view text) { return std::string(text); }

void AddLists(Rows* rows) {
  rows->With(Reason::kTooMany, "deal_booked", "members", [](Event* e) {
    for (int i = 0; i < 99; ++i) {
      e->mutable_deal_booked()->add_members()->set_participant_id(absl::StrCat("p", i));
    }
  });
  rows->With(Reason::kTooMany, "deal_booked", "attributes", [](Event* e) {
    for (int i = 0; i < 49; ++i) {
      (*e->mutable_deal_booked()->mutable_attributes())[absl::StrCat("k", i)] = Short("v");
    }
  });
  rows->With(Reason::kTooMany, "credit_split", "shares", [](Event* e) {
    for (int i = 0; i < 98; ++i) {
      payfold::v1::CreditShare* share = e->mutable_credit_split()->add_shares();
      share->set_participant_id(absl::StrCat("p", i));
      share->set_share("0.1");
    }
  });
  rows->With(Reason::kTooMany, "split_policy_set", "role_shares", [](Event* e) {
    for (int i = 0; i < 98; ++i) {
      (*e->mutable_split_policy_set()->mutable_role_shares())[absl::StrCat("r", i)] = Short("0");
    }
  });
  rows->With(Reason::kRepeated, "deal_booked", "members[2]", [](Event* e) {
    *e->mutable_deal_booked()->add_members() = e->deal_booked().members(0);
  });
  rows->With(Reason::kFieldMissing, "deal_booked", "members[0].participant_id", [](Event* e) {
    e->mutable_deal_booked()->mutable_members(0)->clear_participant_id();
  });
  for (const absl::string_view name : {"deal_id", "amount", "product", "term_months", "source"}) {
    rows->With(Reason::kAttributeNameReserved, "pipeline_updated",
               absl::StrCat("attributes[\"", name, "\"]"), [name](Event* e) {
                 (*e->mutable_pipeline_updated()->mutable_attributes())[std::string(name)] =
                     Short("v");
               });
  }
  rows->With(Reason::kFieldMissing, "metric_recorded", "dimensions[\"\"]", [](Event* e) {
    (*e->mutable_metric_recorded()->mutable_dimensions())[""] = Short("v");
  });
  rows->With(Reason::kTextTooLong, "participant_changed", "attributes[\"level\"]", [](Event* e) {
    (*e->mutable_participant_changed()->mutable_attributes())["level"] = std::string(201, 'x');
  });
  for (const int months : {-1, 1201}) {
    rows->With(Reason::kNumberOutOfRange, "deal_booked", "term_months",
               [months](Event* e) { e->mutable_deal_booked()->set_term_months(months); });
  }
  for (const int month : {-1, 13}) {
    rows->With(
        Reason::kNumberOutOfRange, "ledger_configured", "fiscal_year_start_month",
        [month](Event* e) { e->mutable_ledger_configured()->set_fiscal_year_start_month(month); });
  }
}

void AddShares(Rows* rows) {
  const auto split = [rows](Reason reason, absl::string_view field, absl::string_view shares) {
    rows->Json(reason, absl::StrCat("credit_split.", field),
               absl::StrCat(R"("credit_split": {"deal_id": "D-1", "shares": [)", shares, "]}"));
  };
  const Reason sum = Reason::kSharesDoNotAddUp;
  split(sum, "shares", "");
  split(sum, "shares", R"({"participant_id": "ana", "share": "0.999999999"})");
  split(sum, "shares",
        R"({"participant_id": "ana", "share": "1"}, {"participant_id": "bob", "share": "0.5"})");
  split(sum, "shares", R"({"participant_id": "ana", "share": "1", "overlay": true})");
  split(Reason::kDecimalOutOfRange, "shares[0].share",
        R"({"participant_id": "ana", "share": "0"}, {"participant_id": "bob", "share": "1"})");
  split(Reason::kDecimalOutOfRange, "shares[0].share",
        R"({"participant_id": "ana", "share": "1.5"})");
  split(Reason::kDecimalOutOfRange, "shares[1].share",
        R"({"participant_id": "ana", "share": "1"},
           {"participant_id": "bob", "share": "10.1", "overlay": true})");
  split(Reason::kDecimalMalformed, "shares[0].share",
        R"({"participant_id": "ana", "share": "100%"})");
  split(Reason::kRepeated, "shares[1].participant_id",
        R"({"participant_id": "ana", "share": "0.5"}, {"participant_id": "ana", "share": "0.5"})");
  const auto policy = [rows](Reason reason, absl::string_view field, absl::string_view shares) {
    rows->Json(reason, absl::StrCat("split_policy_set.", field),
               absl::StrCat(R"("split_policy_set": {"policy_id": "p",
                                "effective_from": "2025-01-01", "role_shares": {)",
                            shares, "}}"));
  };
  policy(sum, "role_shares", "");
  policy(sum, "role_shares", R"("AE": "0.7", "SDR": "0.4")");
  policy(Reason::kDecimalOutOfRange, R"(role_shares["SDR"])", R"("AE": "1", "SDR": "-0.1")");
  policy(Reason::kFieldMissing, R"(role_shares[""])", R"("": "1")");
}

void AddNotAllowed(Rows* rows) {
  rows->Json(Reason::kFieldNotAllowed, "ledger_configured.payout_anchor",
             R"("ledger_configured": {"base_currency": "USD", "payout_period": "MONTH",
                                      "payout_anchor": "2025-01-06"})");
  rows->With(Reason::kFieldNotAllowed, "opening_balance", "deal_id", [](Event* e) {
    e->mutable_opening_balance()->set_kind(payfold::v1::OpeningBalance::PAYABLE);
  });
  const absl::string_view kFields[][2] = {{"booked_on", R"("2025-01-01")"},
                                          {"owner_id", R"("ana")"},
                                          {"product", R"("")"},
                                          {"segment", R"("s")"},
                                          {"territory", R"("t")"},
                                          {"channel", R"("c")"},
                                          {"customer_id", R"("c")"},
                                          {"term_months", "0"},
                                          {"members", R"([{"participant_id": "ana"}])"},
                                          {"attributes", R"({"a": ""})"}};
  for (const auto& field : kFields) {
    rows->Json(Reason::kFieldNotAllowed, absl::StrCat("deal_amended.", field[0]),
               absl::StrCat(R"("deal_amended": {"deal_id": "D", "amended_on": "2025-01-01",
                   "mode": "ADJUST", "amount": {"currency": "USD", "minor_units": 1}, ")",
                            field[0], "\": ", field[1], "}"));
  }
  rows->Json(Reason::kFieldMissing, "dispute_opened.period",
             R"("dispute_opened": {"dispute_id": "Q", "participant_id": "ana", "text": "?"})");
}

void AddPlans(Rows* rows) {
  rows->Json(Reason::kFieldMissing, "plan_published.plan", R"("plan_published": {})");
  rows->With(Reason::kTextNotUtf8, "plan_published", "plan", [](Event* e) {
    e->mutable_plan_published()->mutable_plan()->mutable_components(0)->set_display_name("\xFF");
  });
}

}  // namespace

std::vector<RuleRow> RuleRows() {
  Rows rows;
  AddEnvelope(&rows);
  AddSealed(&rows);
  AddIds(&rows);
  AddDates(&rows);
  AddTexts(&rows);
  AddCurrencies(&rows);
  AddDecimals(&rows);
  AddAmounts(&rows);
  AddEnums(&rows);
  AddLists(&rows);
  AddShares(&rows);
  AddNotAllowed(&rows);
  AddPlans(&rows);
  return rows.Take();
}

std::vector<StateRow> StateRows() {
  const Event configured =
      Fact("conf", R"("ledger_configured": {"base_currency": "USD", "payout_period": "MONTH"})");
  const auto opening = [](absl::string_view id) {
    return Fact(id, R"("opening_balance": {"participant_id": "ana", "as_of": "2024-12-31",
        "kind": "PAYABLE", "amount": {"currency": "USD", "minor_units": "-5"}})");
  };
  const auto adjustment = [](absl::string_view id, absl::string_view period) {
    return Fact(
        id, absl::StrCat(R"("adjustment_posted": {"adjustment_id": "A",
        "participant_id": "ana", "period": ")",
                         period,
                         R"(", "amount": {"currency": "USD", "minor_units": 5}, "reason": "?"})"));
  };
  const Event plan = Changed("plan_published", [](Event*) {});
  const Event bad_plan = Changed("plan_published", [](Event* e) {
    e->mutable_plan_published()->mutable_plan()->set_currency("XXX");
  });
  Event expecting = Booking("e2", "D-2");
  expecting.set_expected_stream_version(1);
  Event second = Booking("e2", "D-2");
  second.mutable_deal_booked()->mutable_amount()->set_minor_units(1);
  const std::string kVoided = "events[0].fact_voided.event_id";
  std::vector<StateRow> rows = {
      {Reason::kEventIdTaken, "events[0].event_id", {Booking("e1")}, {Booking("e1", "D-1", 1)}},
      {Reason::kEventIdTaken, "events[1].event_id", {}, {Booking("e2", "D-2"), second}},
      {Reason::kStreamVersionMismatch, "events[0].expected_stream_version", {}, {expecting}},
      {Reason::kPlanDoesNotCompile, "events[0].plan_published.plan.currency", {}, {bad_plan}},
      {Reason::kDealAlreadyBooked,
       "events[0].deal_booked.deal_id",
       {Booking("e1")},
       {Booking("e2")}},
      {Reason::kDealAlreadyBooked,
       "events[1].deal_booked.deal_id",
       {},
       {Booking("e1"), Booking("e2")}},
      {Reason::kFactNotVoidable, kVoided, {plan}, {Voiding("v", "plan_published")}},
      {Reason::kFactNotVoidable, kVoided, {Booking("e1"), Voiding("v", "e1")}, {Voiding("w", "v")}},
      {Reason::kFactNotVoidable, kVoided, {Close("c", "2025-03")}, {Voiding("v", "c")}},
      {Reason::kFactNotVoidable, kVoided, {configured}, {Voiding("v", "conf")}},
      {Reason::kFactNotVoidable,
       "events[1].fact_voided.event_id",
       {},
       {plan, Voiding("v", "plan_published")}},
      {Reason::kVoidedBeforehand, "events[0].event_id", {Voiding("v", "plan_published")}, {plan}},
      {Reason::kPeriodClosed,
       "events[0].adjustment_posted.period",
       {Close("c", "2025-03")},
       {adjustment("e1", "2025-03")}},
      {Reason::kPeriodClosed,
       "events[0].adjustment_posted.period",
       {Close("c", "2025-03")},
       {adjustment("e1", "2025-02")}},
      {Reason::kPeriodClosed,
       kVoided,
       {adjustment("e1", "2025-03"), Close("c", "2025-03")},
       {Voiding("v", "e1")}},
      {Reason::kAfterFirstClose,
       "events[0].ledger_configured",
       {Close("c", "2025-03")},
       {configured}},
      {Reason::kAfterFirstClose,
       "events[0].opening_balance",
       {Close("c", "2025-03")},
       {opening("e1")}},
      {Reason::kAfterFirstClose,
       kVoided,
       {opening("e1"), Close("c", "2025-03")},
       {Voiding("v", "e1")}},
      {Reason::kErasureWithPersonalFields,
       "events[1].participant_changed",
       {},
       {Erasure("x", "ana"), Person("e1", "ana", "Ana")}},
  };
  return rows;
}

}  // namespace payfold_testing
