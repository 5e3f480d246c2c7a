#include "services/ledger_service.h"

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/base/status_macros.h"
#include "projections/queries.h"
#include "services/errors.h"
#include "services/event_batches.h"
#include "services/event_pages.h"
#include "services/query_view.h"
#include "services/rebuild_progress.h"

namespace payfold {
namespace {

constexpr uint32_t kMaxWorkers = 64;

}  // namespace

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
  ASSIGN_OR_RETURN(const uint64_t position,
                   workspace_->CreateLedger(name, configured, {.actor = call.actor}));
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
    ASSIGN_OR_RETURN(const OpenLedger* open, workspace_->Get(request->ledger()));
    ASSIGN_OR_RETURN(*response, CheckBatch(open->ledger, *request));
    return absl::OkStatus();
  });
}

grpc::ServerUnaryReactor* LedgerServiceImpl::Append(grpc::CallbackServerContext* context,
                                                    const v1::AppendRequest* request,
                                                    v1::AppendResponse* response) {
  return RunUnary(executor_, context, [=, this](const Call& call) -> absl::Status {
    ASSIGN_OR_RETURN(const OpenLedger* open, workspace_->Get(request->ledger()));
    ASSIGN_OR_RETURN(*response, AppendBatch(open->ledger, *request, call.actor));
    return absl::OkStatus();
  });
}

grpc::ServerWriteReactor<v1::ReadEventsResponse>* LedgerServiceImpl::ReadEvents(
    grpc::CallbackServerContext* context, const v1::ReadEventsRequest* request) {
  using Pages = std::unique_ptr<Producer<v1::ReadEventsResponse>>;
  return new StreamReactor<v1::ReadEventsResponse>(
      executor_, context, [this, request = *request](const Call&) -> absl::StatusOr<Pages> {
        ASSIGN_OR_RETURN(const OpenLedger* open, workspace_->Get(request.ledger()));
        return ReadEventPages(*open->ledger, request);
      });
}

grpc::ServerUnaryReactor* LedgerServiceImpl::GetEvent(grpc::CallbackServerContext* context,
                                                      const v1::GetEventRequest* request,
                                                      v1::GetEventResponse* response) {
  return RunUnary(executor_, context, [=, this](const Call&) -> absl::Status {
    ASSIGN_OR_RETURN(const OpenLedger* open, workspace_->Get(request->ledger()));
    ASSIGN_OR_RETURN(*response->mutable_event(), FindEvent(*open->ledger, *request));
    return absl::OkStatus();
  });
}

grpc::ServerUnaryReactor* LedgerServiceImpl::ListExceptions(
    grpc::CallbackServerContext* context, const v1::ListExceptionsRequest* request,
    v1::ListExceptionsResponse* response) {
  return RunUnary(executor_, context, [=, this](const Call& call) {
    return DoListExceptions(call, *request, response);
  });
}

absl::Status LedgerServiceImpl::DoListExceptions(const Call& call,
                                                 const v1::ListExceptionsRequest& request,
                                                 v1::ListExceptionsResponse* response) {
  ASSIGN_OR_RETURN(const QueryView view, ResolveView(workspace_, request.context(), call));
  ASSIGN_OR_RETURN(const std::vector<v1::Exception> exceptions,
                   payfold::ListExceptions(*view.facts));
  *response->mutable_at() = view.at();
  response->mutable_exceptions()->Assign(exceptions.begin(), exceptions.end());
  return absl::OkStatus();
}

grpc::ServerWriteReactor<v1::RebuildResponse>* LedgerServiceImpl::Rebuild(
    grpc::CallbackServerContext* context, const v1::RebuildRequest* request) {
  using Progress = std::unique_ptr<Producer<v1::RebuildResponse>>;
  return new StreamReactor<v1::RebuildResponse>(
      executor_, context, [this, request = *request](const Call&) -> absl::StatusOr<Progress> {
        if (request.workers() > kMaxWorkers) {
          return FieldError("workers", kReasonFieldInvalid,
                            absl::StrCat(request.workers(), " is more than ", kMaxWorkers,
                                         "; 0 takes the number of processors"));
        }
        const uint32_t workers =
            request.workers() != 0 ? request.workers() : std::thread::hardware_concurrency();
        ASSIGN_OR_RETURN(const OpenLedger* open, workspace_->Get(request.ledger()));
        return std::make_unique<RebuildProgress>(open->payouts.get(),
                                                 static_cast<int>(workers == 0 ? 1 : workers));
      });
}

}  // namespace payfold
