#include "tools/gallery.h"

#include <memory>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "google/protobuf/struct.pb.h"
#include "google/protobuf/util/json_util.h"
#include "ledger/admission/deterministic.h"
#include "ledger/base/check.h"
#include "ledger/base/status_macros.h"
#include "ledger/calendar/date.h"
#include "ledger/calendar/period.h"
#include "tools/output.h"
#include "tools/scratch_directory.h"
#include "tools/statement_text.h"
#include "tools/table.h"

namespace payfold {
namespace {

using ::google::protobuf::FieldDescriptor;
using ::google::protobuf::Message;

absl::Status MakeLedger(const Programme& programme, Session* session) {
  v1::CreateLedgerRequest request;
  request.set_ledger(session->options().ledger);
  *request.mutable_configuration() = programme.configuration;
  return session->Call(session->ledgers(), &v1::LedgerService::Stub::CreateLedger, request)
      .status();
}

absl::Status AppendFacts(const Programme& programme, Session* session) {
  v1::AppendRequest request;
  request.set_ledger(session->options().ledger);
  request.mutable_events()->Assign(programme.events.begin(), programme.events.end());
  return session->Call(session->ledgers(), &v1::LedgerService::Stub::Append, request).status();
}

absl::Status PublishPlans(const Programme& programme, Session* session) {
  for (const std::string& document : programme.plans) {
    v1::PublishPlanRequest request;
    request.set_ledger(session->options().ledger);
    request.set_document(document);
    RETURN_IF_ERROR(
        session->Call(session->plans(), &v1::PlanService::Stub::PublishPlan, request).status());
  }
  return absl::OkStatus();
}

// The dates that a message states.
void AddDates(const Message& message, std::set<Date>* dates) {
  std::vector<const FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    if (field->is_repeated()) continue;
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      AddDates(message.GetReflection()->GetMessage(message, field), dates);
    } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
      const absl::StatusOr<Date> date =
          Date::Parse(message.GetReflection()->GetString(message, field));
      if (date.ok()) dates->insert(*date);
    }
  }
}

// All payout periods from the first date of a fact or line to the last one.
absl::StatusOr<std::vector<std::string>> PayoutPeriods(const Programme& programme,
                                                       const v1::ListLinesResponse& lines) {
  std::set<Date> dates;
  for (const v1::Event& event : programme.events) AddDates(event, &dates);
  for (const v1::Line& line : lines.lines()) AddDates(line, &dates);
  const v1::LedgerConfigured& configuration = programme.configuration;
  ASSIGN_OR_RETURN(
      const PayoutPeriod payout,
      ParsePayoutPeriod(v1::LedgerConfigured::PayoutPeriod_Name(configuration.payout_period())));
  const Date anchor = Date::Parse(configuration.payout_anchor()).value_or(Date());
  const Calendar calendar(configuration.fiscal_year_start_month());
  std::vector<std::string> labels;
  if (dates.empty()) return labels;
  for (Date day = *dates.begin(); day <= *dates.rbegin();) {
    const Period period = calendar.PayoutContaining(payout, anchor, day);
    labels.push_back(calendar.Label(period));
    day = period.last() + 1;
  }
  return labels;
}

absl::Status AskStatements(const std::vector<std::string>& periods, Session* session,
                           GalleryOutcome* outcome) {
  for (const std::string& period : periods) {
    v1::ListStatementsRequest list;
    ASSIGN_OR_RETURN(*list.mutable_context(), session->Context());
    list.set_period(period);
    ASSIGN_OR_RETURN(const v1::ListStatementsResponse all,
                     session->ListAll(session->payouts(), &v1::PayoutService::Stub::ListStatements,
                                      list, &v1::ListStatementsResponse::mutable_statements));
    // One for each currency; a page of a person holds them all.
    std::set<std::string> people;
    for (const v1::Statement& statement : all.statements()) {
      people.insert(statement.participant_id());
    }
    for (const std::string& person : people) {
      v1::GetStatementRequest request;
      *request.mutable_context() = list.context();
      request.set_participant_id(person);
      request.set_period(period);
      ASSIGN_OR_RETURN(
          v1::GetStatementResponse response,
          session->Call(session->payouts(), &v1::PayoutService::Stub::GetStatement, request));
      outcome->statements.push_back(std::move(response));
    }
  }
  return absl::OkStatus();
}

absl::Status AskLeftOut(const Programme& programme, Session* session, GalleryOutcome* outcome) {
  for (const v1::Event& event : programme.events) {
    if (event.deal_booked().owner_id().empty()) continue;
    GalleryOutcome::LeftOut deal{event.deal_booked().deal_id(), event.deal_booked().owner_id(), {}};
    v1::ExplainDealRequest request;
    ASSIGN_OR_RETURN(*request.mutable_context(), session->Context());
    request.set_deal_id(deal.deal_id);
    request.set_participant_id(deal.participant_id);
    ASSIGN_OR_RETURN(deal.answer, session->Call(session->payouts(),
                                                &v1::PayoutService::Stub::ExplainDeal, request));
    bool counted = false;
    for (const v1::DealInComponent& component : deal.answer.components()) {
      counted = counted || component.counted();
    }
    if (!counted) outcome->left_out.push_back(std::move(deal));
  }
  return absl::OkStatus();
}

// "3 points", "1 badge fast-starter", "1 item Dinner for two (worth USD 150.00)".
std::string GivenText(const v1::RewardUnits& reward) {
  std::string text = absl::StrCat(reward.units(), " ",
                                  absl::AsciiStrToLower(v1::RewardUnits::Kind_Name(reward.kind())));
  if (!reward.name().empty()) absl::StrAppend(&text, " ", reward.name());
  const v1::Money& worth = reward.fair_value();
  if (worth.minor_units() != 0) {
    absl::StrAppend(&text, " (worth ", worth.currency(), " ",
                    AmountText(worth.minor_units(), worth.currency(), OutputFormat::kTable), ")");
  }
  return text;
}

std::string RewardsText(const v1::ListLinesResponse& lines) {
  Table table({{"participant"}, {"date"}, {"component"}, {"reward"}});
  for (const v1::Line& line : lines.lines()) {
    if (!line.has_reward()) continue;
    table.Add({line.participant_id(), line.date(),
               absl::StrCat(line.plan_id(), "/", line.component_id()), GivenText(line.reward())});
  }
  return table.empty() ? "" : absl::StrCat("\nREWARDS\n", table.ToText("  "));
}

std::string LeftOutText(const std::vector<GalleryOutcome::LeftOut>& deals) {
  Table table({{"deal"}, {"participant"}, {"component"}, {"why it was left out"}});
  for (const GalleryOutcome::LeftOut& deal : deals) {
    for (const v1::DealInComponent& component : deal.answer.components()) {
      table.Add({deal.deal_id, deal.participant_id,
                 absl::StrCat(component.plan_id(), "/", component.component_id()),
                 component.reason()});
    }
  }
  return table.empty() ? "" : absl::StrCat("\nDEALS THAT EARNED NOTHING\n", table.ToText("  "));
}

std::string ExceptionsText(const v1::ListExceptionsResponse& response) {
  Table table({{"kind"}, {"subject"}, {"message"}});
  for (const v1::Exception& exception : response.exceptions()) {
    table.Add({exception.kind(), exception.subject(), exception.message()});
  }
  return table.empty() ? "" : absl::StrCat("\nEXCEPTIONS\n", table.ToText("  "));
}

std::string OutcomeText(const Programme& programme, const GalleryOutcome& outcome) {
  std::string text =
      absl::StrCat(programme.number(), " ", programme.title, "\n", programme.summary, "\n");
  for (const v1::GetStatementResponse& statement : outcome.statements) {
    absl::StrAppend(&text, "\n", StatementText(statement));
  }
  absl::StrAppend(&text, RewardsText(outcome.lines), "\nWHY\n");
  for (const v1::Line& line : outcome.lines.lines()) {
    absl::StrAppend(&text, "  ", line.line_id(), "\n    ", line.explanation().sentence(), "\n");
  }
  absl::StrAppend(&text, LeftOutText(outcome.left_out), ExceptionsText(outcome.exceptions));
  return text;
}

std::string OutcomeJson(const Programme& programme, const GalleryOutcome& outcome) {
  const auto statement = [](std::string* out, const v1::GetStatementResponse& response) {
    absl::StrAppend(out, JsonText(response));
  };
  const auto deal = [](std::string* out, const GalleryOutcome::LeftOut& left_out) {
    absl::StrAppend(out, "{\"deal_id\": \"", left_out.deal_id, "\", \"participant_id\": \"",
                    left_out.participant_id, "\", \"answer\": ", JsonText(left_out.answer), "}");
  };
  return absl::StrCat("{\"programme\": \"", programme.folder, "\", \"statements\": [",
                      absl::StrJoin(outcome.statements, ", ", statement),
                      "], \"lines\": ", JsonText(outcome.lines), ", \"left_out\": [",
                      absl::StrJoin(outcome.left_out, ", ", deal),
                      "], \"exceptions\": ", JsonText(outcome.exceptions), "}\n");
}

std::string ProgrammesJson() {
  google::protobuf::ListValue list;
  for (const Programme& programme : GalleryProgrammes()) {
    auto& fields = *list.add_values()->mutable_struct_value()->mutable_fields();
    fields["number"].set_string_value(std::string(programme.number()));
    fields["name"].set_string_value(std::string(programme.name()));
    fields["title"].set_string_value(programme.title);
    fields["summary"].set_string_value(programme.summary);
  }
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = true;
  return JsonDeterministically(list, options);
}

}  // namespace

absl::StatusOr<GalleryOutcome> RunProgramme(const Programme& programme, Session* session) {
  RETURN_IF_ERROR(MakeLedger(programme, session));
  RETURN_IF_ERROR(AppendFacts(programme, session));
  RETURN_IF_ERROR(PublishPlans(programme, session));
  GalleryOutcome outcome;
  v1::ListLinesRequest lines;
  ASSIGN_OR_RETURN(*lines.mutable_context(), session->Context());
  lines.set_with_explanations(true);
  ASSIGN_OR_RETURN(outcome.lines,
                   session->ListAll(session->payouts(), &v1::PayoutService::Stub::ListLines, lines,
                                    &v1::ListLinesResponse::mutable_lines));
  ASSIGN_OR_RETURN(const std::vector<std::string> periods, PayoutPeriods(programme, outcome.lines));
  RETURN_IF_ERROR(AskStatements(periods, session, &outcome));
  RETURN_IF_ERROR(AskLeftOut(programme, session, &outcome));
  v1::ListExceptionsRequest exceptions;
  ASSIGN_OR_RETURN(*exceptions.mutable_context(), session->Context());
  ASSIGN_OR_RETURN(outcome.exceptions,
                   session->ListAll(session->ledgers(), &v1::LedgerService::Stub::ListExceptions,
                                    exceptions, &v1::ListExceptionsResponse::mutable_exceptions));
  return outcome;
}

absl::Status ListGallery(const GlobalOptions& global) {
  if (global.format == OutputFormat::kJson) {
    Print(ProgrammesJson());
    return absl::OkStatus();
  }
  Table table({{"number"}, {"name"}, {"what"}});
  for (const Programme& programme : GalleryProgrammes()) {
    table.Add({std::string(programme.number()), std::string(programme.name()), programme.summary});
  }
  Print(global.format == OutputFormat::kCsv ? table.ToCsv() : table.ToText());
  return absl::OkStatus();
}

absl::Status RunGallery(const GlobalOptions& global, const GalleryRunOptions& options) {
  ASSIGN_OR_RETURN(const Programme programme, FindProgramme(options.programme));
  ASSIGN_OR_RETURN(const std::unique_ptr<ScratchDirectory> scratch,
                   ScratchDirectory::Make("gallery"));
  GlobalOptions own = global;
  if (own.data.empty()) own.data = scratch->Path("data");
  own.as_of.clear();
  own.plans_as_of.clear();
  ASSIGN_OR_RETURN(const std::unique_ptr<Session> session, Session::Open(own, /*create=*/true));
  ASSIGN_OR_RETURN(const GalleryOutcome outcome, RunProgramme(programme, session.get()));
  Print(global.format == OutputFormat::kJson ? OutcomeJson(programme, outcome)
                                             : OutcomeText(programme, outcome));
  return absl::OkStatus();
}

}  // namespace payfold
