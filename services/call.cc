#include "services/call.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace payfold {
namespace {

constexpr size_t kMaxActorBytes = 128;

}  // namespace

absl::Status Call::CheckAlive() const {
  if (cancelled()) return absl::CancelledError("the client cancelled the call");
  if (absl::Now() >= deadline) {
    return absl::DeadlineExceededError("the call's deadline is over; allow more time");
  }
  return absl::OkStatus();
}

absl::Status CheckActor(absl::string_view name) {
  const bool printable = std::all_of(name.begin(), name.end(), [](char c) {
    return absl::ascii_isprint(static_cast<unsigned char>(c));
  });
  if (!name.empty() && name.size() <= kMaxActorBytes && printable) return absl::OkStatus();
  return FieldError(kActorMetadata, kReasonFieldInvalid,
                    absl::StrCat("a name of who acts has 1 to ", kMaxActorBytes,
                                 " printable ASCII characters; this one has ", name.size(),
                                 printable ? "" : ", and some are not printable ASCII"));
}

absl::StatusOr<Call> CallOf(const grpc::CallbackServerContext& context) {
  Call call;
  call.actor = kLocalActor;
  const auto claimed = context.client_metadata().find(kActorMetadata);
  if (claimed != context.client_metadata().end()) {
    const absl::string_view name(claimed->second.data(), claimed->second.size());
    if (const absl::Status checked = CheckActor(name); !checked.ok()) return checked;
    call.actor = std::string(name);
  }
  // Without a deadline gRPC gives the far future.
  call.deadline = absl::FromChrono(context.deadline());
  return call;
}

grpc::ServerUnaryReactor* RunUnary(Executor* executor, grpc::CallbackServerContext* context,
                                   std::function<absl::Status(const Call&)> method) {
  return RunUnaryLater(executor, context,
                       [method = std::move(method)](const Call& call, const Answer& answer) {
                         answer(method(call));
                       });
}

grpc::ServerUnaryReactor* RunUnaryLater(Executor* executor, grpc::CallbackServerContext* context,
                                        std::function<void(const Call&, const Answer&)> method) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  absl::StatusOr<Call> call = CallOf(*context);
  if (!call.ok()) {
    reactor->Finish(ToGrpc(call.status()));
    return reactor;
  }
  call->cancelled = [context] { return context->IsCancelled(); };
  auto work = [reactor, call = *std::move(call), method = std::move(method)] {
    const Answer answer = [reactor](const absl::Status& status) {
      reactor->Finish(ToGrpc(status));
    };
    const absl::Status alive = call.CheckAlive();
    if (alive.ok()) {
      method(call, answer);
    } else {
      answer(alive);
    }
  };
  if (!executor->Submit(std::move(work))) reactor->Finish(ToGrpc(ServerBusy()));
  return reactor;
}

absl::Status ServerBusy() {
  return TryAgainError("the server has too much to do", absl::Seconds(1));
}

}  // namespace payfold
