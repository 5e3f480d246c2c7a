#include "services/ledger_service.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/base/status_macros.h"
#include "projections/queries.h"
#include "services/append_stream.h"
#include "services/errors.h"
#include "services/event_batches.h"
#include "services/event_pages.h"
#include "services/list_pages.h"
#include "services/rebuild_progress.h"
#include "services/subscription_stream.h"

namespace payfold {
grpc::ServerUnaryReactor* LedgerServiceImpl::CreateLedger(grpc::CallbackServerContext* context,
                                                          const v1::CreateLedgerRequest* request,
                                                          v1::CreateLedgerResponse* response) {
  return RunUnary(executor_, context,
                  [=, this](const Call& call) { return DoCreateLedger(call, *request, response); });
}

absl::Status LedgerServiceImpl::DoCreateLedger(const Call& call,
                                               const v1::CreateLedgerRequest& request,
                                               v1::CreateLedgerResponse* response) {
  const std::string name(request.ledger().empty() ? kMainLedger : request.ledger());
  v1::Event configured;
  configured.set_event_id(absl::StrCat("ledger:", name));
  configured.set_source("payfold");
  *configured.mutable_ledger_configured() = request.configuration();
  ASSIGN_OR_RETURN(
      const uint64_t position,
      workspace_->CreateLedger(name, configured,
                               {.actor = call.actor, .validate_only = request.validate_only()}));
  response->set_ledger(name);
  response->set_position(position);
  return absl::OkStatus();
}

grpc::ServerUnaryReactor* LedgerServiceImpl::ListLedgers(grpc::CallbackServerContext* context,
                                                         const v1::ListLedgersRequest* /*request*/,
                                                         v1::ListLedgersResponse* response) {
  return RunUnary(executor_, context, [=, this](const Call&) -> absl::Status {
    ASSIGN_OR_RETURN(const std::vector<std::string> names, workspace_->List());
    response->mutable_ledgers()->Assign(names.begin(), names.end());
    return absl::OkStatus();
  });
}

grpc::ServerUnaryReactor* LedgerServiceImpl::CheckEvents(grpc::CallbackServerContext* context,
                                                         const v1::CheckEventsRequest* request,
                                                         v1::CheckEventsResponse* response) {
  return RunUnary(executor_, context, [=, this](const Call&) -> absl::Status {
    ASSIGN_OR_RETURN(const std::shared_ptr<OpenLedger> open, workspace_->Get(request->ledger()));
    ASSIGN_OR_RETURN(*response, CheckBatch(open->ledger, *request));
    return absl::OkStatus();
  });
}

grpc::ServerUnaryReactor* LedgerServiceImpl::Append(grpc::CallbackServerContext* context,
                                                    const v1::AppendRequest* request,
                                                    v1::AppendResponse* response) {
  return RunUnaryLater(executor_, context, [=, this](const Call& call, const Answer& answer) {
    const absl::StatusOr<std::shared_ptr<OpenLedger>> open = workspace_->Get(request->ledger());
    if (!open.ok()) return answer(open.status());
    // A ledger that closes meanwhile answers first.
    AppendBatchAsync((*open)->ledger, *request, call.actor,
                     [response, answer](const absl::StatusOr<v1::AppendResponse>& appended) {
                       if (appended.ok()) *response = *appended;
                       answer(appended.status());
                     });
  });
}

grpc::ServerBidiReactor<v1::AppendStreamRequest, v1::AppendStreamResponse>*
LedgerServiceImpl::AppendStream(grpc::CallbackServerContext* context) {
  return new payfold::AppendStream(workspace_, executor_, context);
}

grpc::ServerWriteReactor<v1::SubscribeResponse>* LedgerServiceImpl::Subscribe(
    grpc::CallbackServerContext* context, const v1::SubscribeRequest* request) {
  return new SubscriptionStream(workspace_, executor_, limits_, context, *request);
}

grpc::ServerUnaryReactor* LedgerServiceImpl::CloseLedger(grpc::CallbackServerContext* context,
                                                         const v1::CloseLedgerRequest* request,
                                                         v1::CloseLedgerResponse* response) {
  return RunUnary(executor_, context, [=, this](const Call& call) -> absl::Status {
    ASSIGN_OR_RETURN(const bool closed,
                     workspace_->Close(request->ledger(), [&call] { return call.CheckAlive(); }));
    response->set_closed(closed);
    return absl::OkStatus();
  });
}

grpc::ServerWriteReactor<v1::ReadEventsResponse>* LedgerServiceImpl::ReadEvents(
    grpc::CallbackServerContext* context, const v1::ReadEventsRequest* request) {
  using Pages = std::unique_ptr<Producer<v1::ReadEventsResponse>>;
  return new StreamReactor<v1::ReadEventsResponse>(
      executor_, context, [this, request = *request](const Call&) -> absl::StatusOr<Pages> {
        ASSIGN_OR_RETURN(const std::shared_ptr<OpenLedger> open, workspace_->Get(request.ledger()));
        return ReadEventPages(open, request);
      });
}

grpc::ServerUnaryReactor* LedgerServiceImpl::GetEvent(grpc::CallbackServerContext* context,
                                                      const v1::GetEventRequest* request,
                                                      v1::GetEventResponse* response) {
  return RunUnary(executor_, context, [=, this](const Call&) -> absl::Status {
    ASSIGN_OR_RETURN(const std::shared_ptr<OpenLedger> open, workspace_->Get(request->ledger()));
    ASSIGN_OR_RETURN(*response->mutable_event(), FindEvent(*open->ledger, *request));
    return absl::OkStatus();
  });
}

grpc::ServerUnaryReactor* LedgerServiceImpl::ListExceptions(
    grpc::CallbackServerContext* context, const v1::ListExceptionsRequest* request,
    v1::ListExceptionsResponse* response) {
  return RunUnary(executor_, context, [=, this](const Call& call) {
    const auto list = [](const FactsView& facts) { return payfold::ListExceptions(facts); };
    return FillPage(workspace_, *request, call, list,
                    &v1::ListExceptionsResponse::mutable_exceptions, response);
  });
}

grpc::ServerWriteReactor<v1::RebuildResponse>* LedgerServiceImpl::Rebuild(
    grpc::CallbackServerContext* context, const v1::RebuildRequest* request) {
  return new StreamReactor<v1::RebuildResponse>(
      executor_, context,
      [this, request = *request](const Call&) { return StartRebuild(workspace_, request); });
}

}  // namespace payfold
