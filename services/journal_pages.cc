#include "services/journal_pages.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/base/quote.h"
#include "ledger/base/status_macros.h"
#include "ledger/calendar/period.h"
#include "projections/journal/journal.h"
#include "projections/journal/journal_text.h"
#include "services/errors.h"
#include "services/event_pages.h"
#include "services/query_view.h"

namespace payfold {
namespace {

using Request = v1::ExportJournalRequest;

class JournalPages final : public Producer<v1::ExportJournalResponse> {
 public:
  JournalPages(std::shared_ptr<const OpenLedger> open, const Request& request,
               const v1::Coordinates& at)
      : open_(std::move(open)),
        filter_{.period = request.period(),
                .plan_id = request.plan_id(),
                .participant_id = request.participant_id()},
        at_(at),
        cursor_(open_->ledger->log().Read({.last = at.position(), .kinds = JournalKinds()})) {
    if (request.format() != Request::FORMAT_UNSPECIFIED) text_.emplace(request.format());
  }

  absl::StatusOr<bool> Next(const Call& call, v1::ExportJournalResponse* response) override {
    *response->mutable_at() = at_;
    const bool is_first = !std::exchange(begun_, true);
    if (is_first && text_.has_value()) response->set_text(text_->Begin());
    size_t bytes = 0;
    for (int events = 0; bytes < kMaxBytesInMessage && cursor_->Next(); ++events) {
      if (events % 64 == 0) RETURN_IF_ERROR(call.CheckAlive());
      ASSIGN_OR_RETURN(const v1::Event event, open_->ledger->Decode(cursor_->event()));
      ASSIGN_OR_RETURN(std::vector<v1::JournalEntry> entries, journal_.Add(event));
      for (v1::JournalEntry& entry : entries) {
        if (!Matches(filter_, entry)) continue;
        bytes += entry.ByteSizeLong();
        RETURN_IF_ERROR(Put(std::move(entry), response));
      }
    }
    RETURN_IF_ERROR(cursor_->status());
    return is_first || bytes > 0;
  }

 private:
  absl::Status Put(v1::JournalEntry entry, v1::ExportJournalResponse* response) {
    if (!text_.has_value()) {
      *response->add_entries() = std::move(entry);
      return absl::OkStatus();
    }
    ASSIGN_OR_RETURN(const std::string text, text_->Write(entry));
    response->mutable_text()->append(text);
    return absl::OkStatus();
  }

  const std::shared_ptr<const OpenLedger> open_;
  const JournalFilter filter_;
  const v1::Coordinates at_;
  const std::unique_ptr<EventCursor> cursor_;
  Journal journal_;
  std::optional<JournalText> text_;  // None: entries as messages.
  bool begun_ = false;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Producer<v1::ExportJournalResponse>>> JournalPagesOf(
    Workspace* workspace, const Request& request, const Call& call) {
  if (!Request::Format_IsValid(request.format())) {
    return FieldError("format", ReasonName(Reason::kEnumUnknown),
                      "is not one of HLEDGER, LEDGER, BEANCOUNT, CSV");
  }
  if (!request.period().empty() && !Calendar().Parse(request.period()).ok()) {
    return FieldError("period", ReasonName(Reason::kPeriodMalformed),
                      absl::StrCat(Quote(request.period()), " is no label such as 2025-01"));
  }
  v1::Coordinates at;
  std::shared_ptr<const OpenLedger> open;
  if (request.context().has_as_of()) {
    ASSIGN_OR_RETURN(open, workspace->Get(request.context().ledger()));
    ASSIGN_OR_RETURN(const uint64_t position,
                     ResolveMoment(request.context().as_of(), "context.as_of", open->ledger->log(),
                                   workspace->clock()));
    at.set_position(position);
  } else {
    v1::QueryContext context = request.context();
    context.clear_plans_as_of();
    ASSIGN_OR_RETURN(const QueryView view, ResolveView(workspace, context, call));
    open = view.open;
    at = view.at();
  }
  at.set_plans_position(at.position());
  return std::make_unique<JournalPages>(std::move(open), request, at);
}

}  // namespace payfold
