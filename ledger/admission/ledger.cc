#include "ledger/admission/ledger.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "ledger/admission/append_order.h"
#include "ledger/admission/codec.h"
#include "ledger/admission/decide.h"
#include "ledger/admission/fields.h"
#include "ledger/admission/files.h"
#include "ledger/admission/key_ring.h"
#include "ledger/admission/submission.h"
#include "ledger/admission/validate.h"
#include "ledger/admission/violation.h"
#include "ledger/base/aead.h"
#include "ledger/base/sha256.h"
#include "ledger/base/status_macros.h"
#include "ledger/base/utf8.h"
#include "ledger/log/event_log.h"
#include "payfold/v1/event.pb.h"

namespace payfold {
namespace {

constexpr size_t kOriginBytes = 8;

bool IsLedger(rocksdb::Env* env, const std::string& directory) {
  return env->FileExists(Ledger::LogDirectory(directory) + "/CURRENT").ok();
}

// Only what an interrupted creation leaves may be in a new ledger's directory.
absl::Status CheckFree(rocksdb::Env* env, const std::string& directory) {
  if (IsLedger(env, directory)) {
    return absl::AlreadyExistsError(absl::StrCat("there is a ledger in ", directory, " already"));
  }
  ASSIGN_OR_RETURN(const std::vector<std::string> names, ListDirectory(env, directory));
  for (const std::string& name : names) {
    if (name == "keys" || name == "log" || name == "LOCK") continue;
    return absl::FailedPreconditionError(
        absl::StrCat(directory, " is not empty (it holds ", name,
                     "): choose a new or an empty directory for the ledger"));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<FileLock>> Lock(rocksdb::Env* env, const std::string& directory) {
  return FileLock::Take(env, directory + "/LOCK", absl::StrCat("the ledger in ", directory));
}

LogOptions OptionsOfLog(const std::string& directory, const LedgerOptions& options,
                        const KeyRing& keys) {
  LogOptions log;
  log.directory = Ledger::LogDirectory(directory);
  log.env = options.env;
  log.clock = options.clock;
  log.origin = keys.origin();
  log.signing_seed = keys.signing_seed();
  return log;
}

LedgerOptions WithDefaults(LedgerOptions options) {
  if (options.clock == nullptr) options.clock = Clock::Real();
  if (!options.random) options.random = RandomBytes;
  return options;
}

absl::Status CheckActor(const std::string& actor) {
  if (!actor.empty() && actor.size() <= kMaxTextBytes && IsUtf8(actor)) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("the actor must be a text of 1 to ", kMaxTextBytes,
                                                 " bytes of UTF-8: name a principal"));
}

// What is wrong with a batch whatever the state of the ledger is.
absl::Status CheckBatch(absl::Span<const v1::Event> events, const AppendOptions& options,
                        std::vector<Violation>* violations) {
  *violations = ValidateBatch(events, options.writer);
  RETURN_IF_ERROR(ViolationStatus(*violations));
  return CheckActor(options.actor);
}

// Whether the batch changes what others rely on.
bool ChangesOthers(absl::Span<const v1::Event> events, const AppendOptions& options) {
  return !options.validate_only &&
         std::any_of(events.begin(), events.end(), [](const v1::Event& e) {
           return e.has_participant_erased() || e.has_period_closed();
         });
}

bool GoesAlone(absl::Span<const v1::Event> events, const AppendOptions& options) {
  return options.confirm != nullptr || ChangesOthers(events, options);
}

// A batch that is queued.
struct QueuedAppend {
  QueuedAppend(const Submission::Context& context, std::vector<v1::Event> events_in,
               AppendOptions options, Ledger::Done done_in)
      : events(std::move(events_in)),
        submission(context, events, std::move(options.actor), options.validate_only),
        done(std::move(done_in)) {}

  const std::vector<v1::Event> events;
  Submission submission;
  Ledger::Done done;
};

}  // namespace

// Whether a fact that came after a close's fold changes what the close must post, and
// could not be made good later: a statement's adjustments, openings and calendar.
bool Overtakes(const v1::Event& fact, absl::string_view fact_stream, const CloseState& after) {
  return fact.has_ledger_configured() || fact.has_opening_balance() ||
         (fact.has_adjustment_posted() && after.IsClosed(fact.adjustment_posted().period())) ||
         (fact.has_fact_voided() && absl::StartsWith(fact_stream, "participants/"));
}

struct Ledger::Parts {
  std::string directory;
  LedgerOptions options;
  std::unique_ptr<FileLock> lock;
  std::unique_ptr<KeyRing> keys;
  AppendOrder order;
  CloseState closes;  // Changed only by who has `order` alone.
  // Goes first: what is queued needs the rest.
  std::unique_ptr<EventLog> log;

  Submission::Context context() const {
    return {.log = log.get(), .keys = keys.get(), .random = &options.random, .closes = closes};
  }

  absl::Status Start();
  absl::Status LoadCloses();
  absl::Status FinishErasures();
  absl::StatusOr<std::vector<KeyRing::PendingErasure>> BeginErasures(
      absl::Span<const v1::Event> events);
  absl::Status CheckNotOvertaken(absl::Span<const v1::Event> events,
                                 std::vector<Violation>* violations);
  absl::StatusOr<AppendResult> AppendAlone(absl::Span<const v1::Event> events,
                                           const AppendOptions& append,
                                           std::vector<Violation>* violations);
  absl::StatusOr<AppendResult> Submit(absl::Span<const v1::Event> events,
                                      const AppendOptions& append,
                                      std::vector<Violation>* violations);
  absl::StatusOr<AppendResult> Append(absl::Span<const v1::Event> events,
                                      const AppendOptions& append,
                                      std::vector<Violation>* violations);
  absl::StatusOr<std::vector<v1::Event>> Draft(absl::Span<const v1::Event> events,
                                               const std::string& actor,
                                               std::vector<Violation>* violations);
};

Ledger::Ledger(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Ledger::~Ledger() = default;

absl::StatusOr<std::unique_ptr<Ledger>> Ledger::Create(const std::string& directory,
                                                       const LedgerOptions& given) {
  auto parts = std::make_unique<Parts>();
  parts->directory = directory;
  parts->options = WithDefaults(given);
  const LedgerOptions& options = parts->options;
  RETURN_IF_ERROR(CheckFree(options.env, directory));
  RETURN_IF_ERROR(MakeDirectory(options.env, directory));
  ASSIGN_OR_RETURN(parts->lock, Lock(options.env, directory));
  RETURN_IF_ERROR(MakeDirectory(options.env, KeyDirectory(directory)));
  const std::string origin =
      options.origin.empty() ? absl::StrCat("payfold.local/", ToHex(options.random(kOriginBytes)))
                             : options.origin;
  ASSIGN_OR_RETURN(parts->keys,
                   KeyRing::Create(KeyDirectory(directory), options.env, options.random, origin));
  RETURN_IF_ERROR(MakeDirectory(options.env, LogDirectory(directory)));
  ASSIGN_OR_RETURN(parts->log, EventLog::Create(OptionsOfLog(directory, options, *parts->keys)));
  return std::unique_ptr<Ledger>(new Ledger(std::move(parts)));
}

absl::StatusOr<std::unique_ptr<Ledger>> Ledger::Open(const std::string& directory,
                                                     const LedgerOptions& given) {
  auto parts = std::make_unique<Parts>();
  parts->directory = directory;
  parts->options = WithDefaults(given);
  const LedgerOptions& options = parts->options;
  if (!IsLedger(options.env, directory)) {
    return absl::NotFoundError(absl::StrCat("there is no ledger in ", directory));
  }
  ASSIGN_OR_RETURN(parts->lock, Lock(options.env, directory));
  ASSIGN_OR_RETURN(parts->keys,
                   KeyRing::Open(KeyDirectory(directory), options.env, options.random));
  ASSIGN_OR_RETURN(parts->log, EventLog::Open(OptionsOfLog(directory, options, *parts->keys)));
  RETURN_IF_ERROR(parts->Start());
  return std::unique_ptr<Ledger>(new Ledger(std::move(parts)));
}

absl::Status Ledger::Parts::Start() {
  RETURN_IF_ERROR(FinishErasures());
  return LoadCloses();
}

absl::Status Ledger::Parts::LoadCloses() {
  const std::unique_ptr<EventCursor> cursor =
      log->Read({.kinds = KindBit(v1::Event::kPeriodClosed)});
  CloseState loaded;
  while (cursor->Next()) {
    ASSIGN_OR_RETURN(const v1::Event event, DecodeEvent(cursor->event().bytes));
    loaded.Add(event.period_closed().period());
  }
  RETURN_IF_ERROR(cursor->status());
  closes = loaded;
  return absl::OkStatus();
}

// Erasures whose event is in the log take effect, the others are forgotten.
absl::Status Ledger::Parts::FinishErasures() {
  RETURN_IF_ERROR(log->WriteStatus());  // Else it is not known what is in the log.
  ASSIGN_OR_RETURN(const std::vector<KeyRing::PendingErasure> pending, keys->ListPending());
  for (const KeyRing::PendingErasure& erasure : pending) {
    ASSIGN_OR_RETURN(const std::optional<KnownEvent> known, log->FindEventId(erasure.event_id));
    if (known.has_value()) RETURN_IF_ERROR(keys->Destroy(erasure.subject));
  }
  return pending.empty() ? absl::OkStatus() : keys->RemovePending(pending);
}

absl::StatusOr<std::vector<KeyRing::PendingErasure>> Ledger::Parts::BeginErasures(
    absl::Span<const v1::Event> events) {
  std::vector<KeyRing::PendingErasure> erasures;
  for (const v1::Event& event : events) {
    if (!event.has_participant_erased()) continue;
    // A retry must not take a key that was made since.
    ASSIGN_OR_RETURN(const std::optional<KnownEvent> known, log->FindEventId(event.event_id()));
    if (known.has_value()) continue;
    erasures.push_back(
        {.subject = event.participant_erased().participant_id(), .event_id = event.event_id()});
  }
  if (!erasures.empty()) RETURN_IF_ERROR(keys->AddPending(erasures));
  return erasures;
}

// REQUIRES: nobody else appends.
absl::Status Ledger::Parts::CheckNotOvertaken(absl::Span<const v1::Event> events,
                                              std::vector<Violation>* violations) {
  for (size_t i = 0; i < events.size(); ++i) {
    if (!events[i].has_period_closed()) continue;
    const v1::PeriodClosed& close = events[i].period_closed();
    ASSIGN_OR_RETURN(const std::optional<KnownEvent> known, log->FindEventId(events[i].event_id()));
    if (known.has_value() || close.folded_position() == 0) continue;
    CloseState after = closes;
    after.Add(close.period());
    const std::unique_ptr<EventCursor> cursor = log->Read(
        {.first = close.folded_position() + 1,
         .kinds = KindBit(v1::Event::kAdjustmentPosted) | KindBit(v1::Event::kOpeningBalance) |
                  KindBit(v1::Event::kLedgerConfigured) | KindBit(v1::Event::kFactVoided)});
    while (cursor->Next()) {
      ASSIGN_OR_RETURN(const v1::Event fact, DecodeEvent(cursor->event().bytes));
      if (!Overtakes(fact, fact.stream(), after)) continue;
      violations->push_back(
          {.field = absl::StrCat("events[", i, "].period_closed.folded_position"),
           .reason = Reason::kCloseOvertaken,
           .message = absl::StrCat("is ", close.folded_position(), ", but the fact at position ",
                                   cursor->event().position,
                                   " changes what the close posts: compute it again")});
      return ViolationStatus(*violations);
    }
    RETURN_IF_ERROR(cursor->status());
  }
  return absl::OkStatus();
}

absl::StatusOr<AppendResult> Ledger::Parts::AppendAlone(absl::Span<const v1::Event> events,
                                                        const AppendOptions& append,
                                                        std::vector<Violation>* violations) {
  RETURN_IF_ERROR(CheckNotOvertaken(events, violations));
  RETURN_IF_ERROR(FinishErasures());
  ASSIGN_OR_RETURN(const std::vector<KeyRing::PendingErasure> erasures, BeginErasures(events));
  absl::StatusOr<AppendResult> result = Submit(events, append, violations);
  if (result.ok()) {
    RETURN_IF_ERROR(FinishErasures());
    for (const v1::Event& event : events) {
      if (event.has_period_closed()) closes.Add(event.period_closed().period());
    }
  } else if (!violations->empty() && !erasures.empty()) {
    // Any other error may have come after the append: Open() or the next
    // append of this sort looks.
    RETURN_IF_ERROR(keys->RemovePending(erasures));
  }
  return result;
}

absl::StatusOr<AppendResult> Ledger::Parts::Submit(absl::Span<const v1::Event> events,
                                                   const AppendOptions& append,
                                                   std::vector<Violation>* violations) {
  Submission submission(context(), events, append.actor, append.validate_only);
  RETURN_IF_ERROR(submission.Prepare());
  const Decide decide = [&](const LogState& state) { return submission.Decide(state); };
  absl::StatusOr<AppendResult> result =
      submission.Answer(append.validate_only ? log->Check(decide) : log->Append(decide));
  *violations = std::move(submission.violations());
  return result;
}

// REQUIRES: CheckBatch() found nothing.
absl::StatusOr<AppendResult> Ledger::Parts::Append(absl::Span<const v1::Event> events,
                                                   const AppendOptions& append,
                                                   std::vector<Violation>* violations) {
  const auto decide = [&]() -> absl::StatusOr<AppendResult> {
    if (append.confirm) RETURN_IF_ERROR(append.confirm(log->head()));
    return ChangesOthers(events, append) ? AppendAlone(events, append, violations)
                                         : Submit(events, append, violations);
  };
  order.Enter(GoesAlone(events, append));
  absl::StatusOr<AppendResult> result = decide();
  order.Leave();
  return result;
}

absl::StatusOr<std::vector<v1::Event>> Ledger::Parts::Draft(absl::Span<const v1::Event> events,
                                                            const std::string& actor,
                                                            std::vector<Violation>* violations) {
  Submission submission(context(), events, actor, /*validate_only=*/false);
  RETURN_IF_ERROR(submission.Prepare());
  std::vector<v1::Event> drafts;
  const Decide decide = [&](const LogState& state) -> absl::StatusOr<std::vector<Decision>> {
    ASSIGN_OR_RETURN(std::vector<Decision> decisions, submission.Decide(state));
    drafts.clear();
    for (const Decision& decision : decisions) {
      const auto* fresh = std::get_if<NewEvent>(&decision);
      if (fresh == nullptr) continue;
      ASSIGN_OR_RETURN(v1::Event draft, DecodeEvent(fresh->body));
      drafts.push_back(std::move(draft));
    }
    return decisions;
  };
  const absl::StatusOr<AppendResult> result = submission.Answer(log->Check(decide));
  *violations = std::move(submission.violations());
  RETURN_IF_ERROR(result.status());
  return drafts;
}

absl::StatusOr<AppendResult> Ledger::Append(absl::Span<const v1::Event> events,
                                            const AppendOptions& options,
                                            std::vector<Violation>* violations) {
  std::vector<Violation> local;
  std::vector<Violation>& found = violations == nullptr ? local : *violations;
  RETURN_IF_ERROR(CheckBatch(events, options, &found));
  return parts_->Append(events, options, &found);
}

void Ledger::AppendAsync(std::vector<v1::Event> events, AppendOptions options, Done done) {
  std::vector<Violation> violations;
  const absl::Status valid = CheckBatch(events, options, &violations);
  if (!valid.ok()) return done(valid, std::move(violations));
  if (GoesAlone(events, options)) {
    absl::StatusOr<AppendResult> result = parts_->Append(events, options, &violations);
    return done(std::move(result), std::move(violations));
  }
  parts_->order.Enter(/*alone=*/false);
  const bool validate_only = options.validate_only;
  const auto queued = std::make_shared<QueuedAppend>(parts_->context(), std::move(events),
                                                     std::move(options), std::move(done));
  const auto answer = [queued, order = &parts_->order](absl::StatusOr<AppendResult> result) {
    order->Leave();
    queued->done(queued->submission.Answer(std::move(result)),
                 std::move(queued->submission.violations()));
  };
  if (const absl::Status status = queued->submission.Prepare(); !status.ok()) return answer(status);
  const Decide decide = [queued](const LogState& state) {
    return queued->submission.Decide(state);
  };
  validate_only ? parts_->log->CheckAsync(decide, answer)
                : parts_->log->AppendAsync(decide, answer);
}

absl::StatusOr<std::vector<v1::Event>> Ledger::Draft(absl::Span<const v1::Event> events,
                                                     const std::string& actor,
                                                     std::vector<Violation>* violations) {
  RETURN_IF_ERROR(CheckBatch(events, {.actor = actor}, violations));
  parts_->order.Enter(/*alone=*/false);
  absl::StatusOr<std::vector<v1::Event>> drafts = parts_->Draft(events, actor, violations);
  parts_->order.Leave();
  return drafts;
}

absl::StatusOr<std::vector<Violation>> Ledger::Check(absl::Span<const v1::Event> events) {
  std::vector<Violation> violations;
  const absl::StatusOr<AppendResult> result =
      Append(events, {.actor = "check", .validate_only = true}, &violations);
  if (!result.ok() && violations.empty()) return result.status();
  return violations;
}

EventLog& Ledger::log() const { return *parts_->log; }

absl::StatusOr<v1::Event> Ledger::Decode(const EventView& event) const {
  return DecodeEvent(event.bytes);
}

absl::Status Ledger::Unseal(v1::Event* event) const { return UnsealEvent(*parts_->keys, event); }

std::string Ledger::LogDirectory(const std::string& directory) { return directory + "/log"; }

std::string Ledger::KeyDirectory(const std::string& directory) { return directory + "/keys"; }

const KeyRing& Ledger::keys() const { return *parts_->keys; }

const std::string& Ledger::directory() const { return parts_->directory; }
std::string Ledger::projections_directory() const { return parts_->directory + "/projections"; }
const std::string& Ledger::origin() const { return parts_->keys->origin(); }

}  // namespace payfold
