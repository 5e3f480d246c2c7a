#include "tools/session.h"

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "ledger/base/status_macros.h"
#include "services/call.h"
#include "services/errors.h"
#include "services/server.h"
#include "services/workspace.h"
#include "tools/moment.h"
#include "tools/report.h"

namespace payfold {

Session::Session(const GlobalOptions& options) : options_(options) {}
Session::~Session() = default;

absl::StatusOr<std::unique_ptr<Session>> Session::Open(const GlobalOptions& options, bool create) {
  if (const absl::Status checked = CheckActor(options.as); !checked.ok()) {
    return UsageError(absl::StrCat("--as: ", FieldViolationsOf(checked)[0].description));
  }
  auto session = std::unique_ptr<Session>(new Session(options));
  ASSIGN_OR_RETURN(const std::shared_ptr<grpc::Channel> channel, session->Connect(create));
  session->ledgers_ = v1::LedgerService::NewStub(channel);
  session->proofs_ = v1::ProofService::NewStub(channel);
  session->plans_ = v1::PlanService::NewStub(channel);
  session->payouts_ = v1::PayoutService::NewStub(channel);
  session->periods_ = v1::PeriodService::NewStub(channel);
  session->replays_ = v1::ReplayService::NewStub(channel);
  session->insights_ = v1::InsightService::NewStub(channel);
  session->admin_ = v1::AdminService::NewStub(channel);
  return session;
}

absl::StatusOr<std::shared_ptr<grpc::Channel>> Session::Connect(bool create) {
  if (!options_.server.empty()) {
    return grpc::CreateCustomChannel(options_.server, grpc::InsecureChannelCredentials(),
                                     ChannelArguments());
  }
  workspace_ = std::make_unique<Workspace>(
      Workspace::Options{.directory = options_.data, .create = create, .ledger = {}});
  ASSIGN_OR_RETURN(server_, Server::Start(workspace_.get(), {.listen = "", .threads = 4}));
  return server_->InProcessChannel();
}

absl::Status Session::Error(const absl::Status& error) const {
  // What a server of ours says has a reason.
  if (!absl::IsUnavailable(error) || !ReasonOf(error).empty()) return error;
  return absl::UnavailableError(absl::StrCat("cannot reach a server at ", options_.server, " (",
                                             error.message(), "): is it running?"));
}

void Session::Introduce(grpc::ClientContext* context) const {
  context->AddMetadata(kActorMetadata, options_.as);
  if (options_.timeout_seconds > 0) {
    context->set_deadline(
        absl::ToChronoTime(absl::Now() + absl::Seconds(options_.timeout_seconds)));
  }
}

absl::StatusOr<v1::QueryContext> Session::Context() {
  v1::QueryContext context;
  context.set_ledger(options_.ledger);
  const absl::Time now = absl::Now();
  if (!options_.as_of.empty()) {
    ASSIGN_OR_RETURN(*context.mutable_as_of(), ParseMoment(options_.as_of, "--as-of", now));
  } else {
    ASSIGN_OR_RETURN(const uint64_t last, LastPosition());
    context.set_min_position(last);
  }
  if (!options_.plans_as_of.empty()) {
    ASSIGN_OR_RETURN(*context.mutable_plans_as_of(),
                     ParseMoment(options_.plans_as_of, "--plans-as-of", now));
  }
  return context;
}

absl::StatusOr<uint64_t> Session::LastPosition() {
  v1::ReadEventsRequest request;
  request.set_ledger(options_.ledger);
  request.set_backwards(true);
  request.set_limit(1);
  uint64_t last = 0;
  RETURN_IF_ERROR(ReadEvents(request, [&last](const v1::StoredEvent& event) {
    last = event.event().position();
    return absl::OkStatus();
  }));
  return last;
}

absl::Status Session::ReadEvents(const v1::ReadEventsRequest& request,
                                 const std::function<absl::Status(const v1::StoredEvent&)>& visit) {
  grpc::ClientContext context;
  Introduce(&context);
  const std::unique_ptr<grpc::ClientReader<v1::ReadEventsResponse>> reader =
      ledgers_->ReadEvents(&context, request);
  v1::ReadEventsResponse response;
  absl::Status visited;
  while (visited.ok() && reader->Read(&response)) {
    for (const v1::StoredEvent& event : response.events()) {
      visited = visit(event);
      if (!visited.ok()) {
        context.TryCancel();
        break;
      }
    }
  }
  if (!visited.ok()) {
    while (reader->Read(&response)) continue;
    reader->Finish();
    return visited;
  }
  return Error(reader->Finish());
}

}  // namespace payfold
