#include "tools/replay.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "ledger/base/status_macros.h"
#include "services/errors.h"
#include "tools/event_lines.h"
#include "tools/files.h"
#include "tools/moment.h"
#include "tools/output.h"
#include "tools/progress.h"
#include "tools/replay_text.h"
#include "tools/report.h"
#include "tools/session.h"

namespace payfold {
namespace {

constexpr size_t kMovers = 10;
constexpr size_t kDigestDigits = 64;
constexpr int kPageSize = 1'000;
constexpr int kPageWithLines = 100;

using Stub = v1::ReplayService::Stub;

void PrintReplay(const GlobalOptions& global, const v1::Replay& replay) {
  Print(global.format == OutputFormat::kJson ? JsonText(replay) : ReplayText(replay));
}

// What a failed replay is, for the exit code.
absl::Status OutcomeOf(const v1::Replay& replay) {
  if (replay.state() != v1::FAILED) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("replay ", replay.replay_id(), " failed: ", replay.error()));
}

// Reads a file of events whole; every bad line is named.
absl::Status AddEvents(const std::string& file, v1::StartReplayRequest* request) {
  ASSIGN_OR_RETURN(const std::string text, ReadInput(file));
  EventLines lines(text);
  EventBatch batch;
  uint64_t bad = 0;
  while (lines.Next(&batch)) {
    for (const BadLine& line : batch.bad) {
      PrintErrorLine(absl::StrCat(file, ":", line.line, ": ", line.message));
    }
    bad += batch.bad.size();
    for (v1::Event& event : batch.events) *request->add_events() = std::move(event);
  }
  if (bad == 0) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(file, ": ", bad,
                                                 bad == 1 ? " bad line" : " bad lines",
                                                 "; no replay was started. Mend the file"));
}

absl::StatusOr<v1::StartReplayRequest> RequestOf(const GlobalOptions& global,
                                                 const StartReplayOptions& options,
                                                 Session* session) {
  v1::StartReplayRequest request;
  request.set_ledger(global.ledger);
  request.set_replay_id(options.id);
  request.set_name(options.name);
  request.set_events_of(options.events_of);
  request.set_four_eyes(options.four_eyes);
  request.set_validate_only(options.validate_only);
  for (const std::string& file : options.files) RETURN_IF_ERROR(AddEvents(file, &request));
  for (const std::string& file : options.plans) {
    ASSIGN_OR_RETURN(*request.add_plan_documents(), ReadInput(file));
  }
  request.mutable_scope()->set_first_period(options.first_period);
  request.mutable_scope()->set_last_period(options.last_period);
  request.mutable_scope()->mutable_participant_ids()->Assign(options.participants.begin(),
                                                             options.participants.end());
  ASSIGN_OR_RETURN(const v1::QueryContext context, session->Context());
  if (context.has_as_of()) *request.mutable_as_of() = context.as_of();
  return request;
}

// Until its end. Progress on a terminal.
absl::StatusOr<v1::Replay> Await(Session* session, const std::string& replay_id) {
  v1::WatchReplayRequest request;
  request.set_ledger(session->options().ledger);
  request.set_replay_id(replay_id);
  grpc::ClientContext context;
  session->Introduce(&context);
  const std::unique_ptr<grpc::ClientReader<v1::WatchReplayResponse>> reader =
      session->replays()->WatchReplay(&context, request);
  v1::WatchReplayResponse last;
  {
    ProgressBar progress("replaying");
    while (reader->Read(&last)) {
      const v1::ReplayProgress& at = last.replay().progress();
      progress.Update(at.groups_evaluated(), at.groups_total());
    }
  }
  RETURN_IF_ERROR(session->Error(reader->Finish()));
  return last.replay();
}

absl::StatusOr<v1::Replay> Find(Session* session, const std::string& replay_id) {
  v1::GetReplayRequest request;
  request.set_ledger(session->options().ledger);
  request.set_replay_id(replay_id);
  ASSIGN_OR_RETURN(const v1::GetReplayResponse response,
                   session->Call(session->replays(), &Stub::GetReplay, request));
  return response.replay();
}

// The digest that was given, or that of the replay as it is. Errors: UsageError().
absl::StatusOr<std::string> DigestOf(Session* session, const ReplayOptions& options) {
  if (options.digest.empty()) {
    ASSIGN_OR_RETURN(const v1::Replay replay, Find(session, options.id));
    return replay.digest();
  }
  const bool is_hex = options.digest.size() == kDigestDigits &&
                      std::all_of(options.digest.begin(), options.digest.end(), [](char c) {
                        return absl::ascii_isxdigit(static_cast<unsigned char>(c));
                      });
  if (is_hex) return absl::HexStringToBytes(options.digest);
  return UsageError("--digest: give the 64 hexadecimal digits that `payfold replay show` prints");
}

absl::StatusOr<v1::DifferenceOrder> OrderOf(const std::string& order) {
  if (order.empty()) return v1::DIFFERENCE_ORDER_UNSPECIFIED;
  if (order == "gain") return v1::GAIN_FIRST;
  if (order == "loss") return v1::LOSS_FIRST;
  if (order == "largest") return v1::LARGEST_FIRST;
  return UsageError(absl::StrCat("--order: \"", order, "\" is not gain, loss or largest"));
}

void SetFilter(const ReplayDiffOptions& options, v1::DifferenceFilter* filter) {
  filter->set_participant_id(options.participant);
  filter->set_period(options.period);
  filter->set_plan_id(options.plan);
  filter->set_component_id(options.component);
}

// Pages until there are `limit` items, or all if that is 0.
template <typename Request, typename Response, typename Item>
absl::StatusOr<Response> ListSome(
    Session* session, grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
    Request request, google::protobuf::RepeatedPtrField<Item>* (Response::*field)(), uint32_t limit,
    int page_size) {
  Response all;
  while (true) {
    const int left = limit == 0 ? page_size : static_cast<int>(limit) - (all.*field)()->size();
    request.set_page_size(std::min(left, page_size));
    ASSIGN_OR_RETURN(Response page, session->Call(session->replays(), method, request));
    const std::string token = page.next_page_token();
    page.clear_next_page_token();
    all.MergeFrom(page);
    const bool enough = limit != 0 && (all.*field)()->size() >= static_cast<int>(limit);
    if (token.empty() || enough) return all;
    request.set_page_token(token);
  }
}

absl::StatusOr<v1::ListTrueUpsResponse> TrueUpsOf(Session* session,
                                                  const ReplayDiffOptions& options) {
  v1::ListTrueUpsRequest request;
  request.set_ledger(session->options().ledger);
  request.set_replay_id(options.id);
  request.set_participant_id(options.participant);
  return ListSome(session, &Stub::ListTrueUps, request, &v1::ListTrueUpsResponse::mutable_true_ups,
                  options.limit, kPageSize);
}

}  // namespace

absl::Status StartReplayOf(const GlobalOptions& global, const StartReplayOptions& options) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Session> session, Session::Open(global));
  ASSIGN_OR_RETURN(const v1::StartReplayRequest request, RequestOf(global, options, session.get()));
  ASSIGN_OR_RETURN(const v1::StartReplayResponse started,
                   session->Call(session->replays(), &Stub::StartReplay, request));
  v1::Replay replay = started.replay();
  if (options.validate_only) {
    if (global.format == OutputFormat::kJson) {
      Print(JsonText(replay));
    } else {
      Print(absl::StrCat(replay.events(), " hypothetical events would be replayed on position ",
                         replay.position(), "\n"));
    }
    return absl::OkStatus();
  }
  if (!options.no_wait) {
    ASSIGN_OR_RETURN(replay, Await(session.get(), replay.replay_id()));
  }
  PrintReplay(global, replay);
  return OutcomeOf(replay);
}

absl::Status ListReplaysTable(const GlobalOptions& global) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Session> session, Session::Open(global));
  v1::ListReplaysRequest request;
  request.set_ledger(global.ledger);
  ASSIGN_OR_RETURN(const v1::ListReplaysResponse response,
                   ListSome(session.get(), &Stub::ListReplays, request,
                            &v1::ListReplaysResponse::mutable_replays, 0, kPageSize));
  Table table({{"replay"},
               {"state"},
               {"started_by"},
               {"position", Align::kRight},
               {"events", Align::kRight},
               {"differences", Align::kRight},
               {"name"}});
  for (const v1::Replay& replay : response.replays()) {
    table.Add({replay.replay_id(), ReplayStateText(replay.state()), replay.started_by(),
               absl::StrCat(replay.position()), absl::StrCat(replay.events()),
               replay.digest().empty() ? "" : absl::StrCat(replay.differences()), replay.name()});
  }
  PrintRows(global.format, response, table, "no replay was started", "");
  return absl::OkStatus();
}

absl::Status ShowReplay(const GlobalOptions& global, const ReplayOptions& options) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Session> session, Session::Open(global));
  v1::GetReplayRequest request;
  request.set_ledger(global.ledger);
  request.set_replay_id(options.id);
  request.set_with_events(options.events);
  ASSIGN_OR_RETURN(const v1::GetReplayResponse response,
                   session->Call(session->replays(), &Stub::GetReplay, request));
  if (global.format == OutputFormat::kJson) {
    Print(JsonText(response));
    return absl::OkStatus();
  }
  Print(ReplayText(response.replay()));
  for (const v1::Event& event : response.events()) {
    Print(absl::StrCat("\n", JsonText(event)));
  }
  return absl::OkStatus();
}

absl::Status WatchReplayOf(const GlobalOptions& global, const ReplayOptions& options) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Session> session, Session::Open(global));
  ASSIGN_OR_RETURN(const v1::Replay replay, Await(session.get(), options.id));
  PrintReplay(global, replay);
  return OutcomeOf(replay);
}

absl::Status CancelReplayOf(const GlobalOptions& global, const ReplayOptions& options) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Session> session, Session::Open(global));
  v1::CancelReplayRequest request;
  request.set_ledger(global.ledger);
  request.set_replay_id(options.id);
  ASSIGN_OR_RETURN(const v1::CancelReplayResponse response,
                   session->Call(session->replays(), &Stub::CancelReplay, request));
  PrintReplay(global, response.replay());
  return absl::OkStatus();
}

absl::Status ApproveReplayOf(const GlobalOptions& global, const ReplayOptions& options) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Session> session, Session::Open(global));
  v1::ApproveReplayRequest request;
  request.set_ledger(global.ledger);
  request.set_replay_id(options.id);
  ASSIGN_OR_RETURN(*request.mutable_digest(), DigestOf(session.get(), options));
  request.set_reason(options.reason);
  request.set_validate_only(options.validate_only);
  ASSIGN_OR_RETURN(const v1::ApproveReplayResponse response,
                   session->Call(session->replays(), &Stub::ApproveReplay, request));
  PrintReplay(global, response.replay());
  return absl::OkStatus();
}

absl::Status CommitReplayOf(const GlobalOptions& global, const ReplayOptions& options) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Session> session, Session::Open(global));
  v1::CommitReplayRequest request;
  request.set_ledger(global.ledger);
  request.set_replay_id(options.id);
  ASSIGN_OR_RETURN(*request.mutable_digest(), DigestOf(session.get(), options));
  request.set_reason(options.reason);
  request.set_validate_only(options.validate_only);
  ASSIGN_OR_RETURN(const v1::CommitReplayResponse response,
                   session->Call(session->replays(), &Stub::CommitReplay, request));
  if (global.format == OutputFormat::kJson) {
    Print(JsonText(response));
  } else if (options.validate_only) {
    Print(absl::StrCat("replay ", options.id, " would be committed with ", response.results_size(),
                       " events\n"));
  } else if (response.was_committed()) {
    Print(absl::StrCat("replay ", options.id, " was committed before, at position ",
                       response.replay().committed_position(), "\n"));
  } else {
    Print(absl::StrCat("replay ", options.id, " is committed at position ",
                       response.replay().committed_position(), " with ", response.results_size(),
                       " events; what it makes of closed periods stands on the next close\n"));
  }
  return absl::OkStatus();
}

absl::Status ShowDifferences(const GlobalOptions& global, const ReplayDiffOptions& options) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Session> session, Session::Open(global));
  if (options.true_ups) {
    ASSIGN_OR_RETURN(const v1::ListTrueUpsResponse true_ups, TrueUpsOf(session.get(), options));
    PrintRows(global.format, true_ups, TrueUpTable(true_ups.true_ups(), global.format),
              "nothing of closed periods changes", "");
    return absl::OkStatus();
  }
  v1::ListDifferencesRequest request;
  request.set_ledger(global.ledger);
  request.set_replay_id(options.id);
  SetFilter(options, request.mutable_filter());
  ASSIGN_OR_RETURN(const v1::DifferenceOrder order, OrderOf(options.order));
  request.set_order(order);
  request.set_with_lines(options.lines);
  ASSIGN_OR_RETURN(const v1::ListDifferencesResponse response,
                   ListSome(session.get(), &Stub::ListDifferences, request,
                            &v1::ListDifferencesResponse::mutable_differences, options.limit,
                            options.lines ? kPageWithLines : kPageSize));
  if (global.format != OutputFormat::kTable || response.differences().empty()) {
    PrintRows(global.format, response, DifferenceTable(response.differences(), global.format),
              "nothing changes", "");
    return absl::OkStatus();
  }
  Print(absl::StrCat(DifferenceTable(response.differences(), global.format).ToText(), "\n"));
  if (options.limit == 0) Print(MoversText(response.differences(), kMovers));
  for (const v1::Difference& row : response.differences()) {
    if (options.lines) Print(LinesText(row));
  }
  ASSIGN_OR_RETURN(const v1::ListTrueUpsResponse true_ups, TrueUpsOf(session.get(), options));
  if (true_ups.true_ups().empty()) return absl::OkStatus();
  Print(absl::StrCat("Of closed periods, payable with the next close\n",
                     TrueUpTable(true_ups.true_ups(), global.format).ToText()));
  return absl::OkStatus();
}

absl::Status ShowComparison(const GlobalOptions& global, const ReplayDiffOptions& options) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Session> session, Session::Open(global));
  v1::CompareReplaysRequest request;
  request.set_ledger(global.ledger);
  request.set_a(options.id);
  request.set_b(options.against);
  SetFilter(options, request.mutable_filter());
  ASSIGN_OR_RETURN(const v1::DifferenceOrder order, OrderOf(options.order));
  request.set_order(order);
  ASSIGN_OR_RETURN(
      const v1::CompareReplaysResponse response,
      ListSome(session.get(), &Stub::CompareReplays, request,
               &v1::CompareReplaysResponse::mutable_differences, options.limit, kPageSize));
  if (global.format != OutputFormat::kTable || response.differences().empty()) {
    PrintRows(global.format, response, DifferenceTable(response.differences(), global.format),
              "both pay the same", "");
    return absl::OkStatus();
  }
  Print(absl::StrCat("Before is what ", options.id, " gives, after what ", options.against,
                     " gives, both on position ", response.position(), "\n\n",
                     DifferenceTable(response.differences(), global.format).ToText(), "\n",
                     options.limit == 0 ? MoversText(response.differences(), kMovers) : "",
                     TotalsText(response.totals())));
  return absl::OkStatus();
}

}  // namespace payfold
