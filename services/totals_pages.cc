#include "services/totals_pages.h"

#include <limits>
#include <memory>
#include <string>
#include <utility>

#include "absl/numeric/int128.h"
#include "absl/strings/str_cat.h"
#include "ledger/base/status_macros.h"
#include "ledger/money/currency.h"
#include "services/errors.h"
#include "services/list_pages.h"
#include "services/page_token.h"
#include "services/query_view.h"

namespace payfold {
namespace {

// What a request asks for.
struct Wanted {
  Date first = Date::Min();
  Date last = Date::Max() - 1;
  size_t rows = kMaxItemsInPage;
};

absl::Status ReadDay(absl::string_view field, const std::string& text, Date* day) {
  if (text.empty()) return absl::OkStatus();
  const absl::StatusOr<Date> parsed = Date::Parse(text);
  if (!parsed.ok()) return FieldError(field, kReasonFieldInvalid, parsed.status().message());
  *day = *parsed;
  return absl::OkStatus();
}

absl::StatusOr<Wanted> Check(const v1::GetDailyTotalsRequest& request) {
  Wanted wanted;
  RETURN_IF_ERROR(ReadDay("from", request.from(), &wanted.first));
  RETURN_IF_ERROR(ReadDay("to", request.to(), &wanted.last));
  if (wanted.last < wanted.first) {
    return FieldError("to", kReasonFieldInvalid,
                      absl::StrCat(request.to(), " is before `from`, ", request.from()));
  }
  if (!request.currency().empty()) {
    const absl::Status known = Currency::Parse(request.currency()).status();
    if (!known.ok()) return FieldError("currency", kReasonFieldInvalid, known.message());
  }
  ASSIGN_OR_RETURN(const int rows, CheckPageSize(request.page_size()));
  wanted.rows = static_cast<size_t>(rows);
  return wanted;
}

absl::StatusOr<std::shared_ptr<const DailyTotalsView>> ResolveTotals(
    const OpenLedger& open, const v1::QueryContext& context, const Call& call, Clock& clock) {
  if (context.has_as_of()) {
    ASSIGN_OR_RETURN(const uint64_t position,
                     ResolveMoment(context.as_of(), "context.as_of", open.ledger->log(), clock));
    return open.daily_totals->ViewAsOf(position);
  }
  RETURN_IF_ERROR(
      WaitUntilFolded(open, &open.daily_totals->worker(), context.min_position(), call));
  return open.daily_totals->View();
}

absl::Status SetSum(absl::string_view what, absl::int128 sum, const v1::DailyTotals& day,
                    v1::Money* money) {
  if (sum < std::numeric_limits<int64_t>::min() || sum > std::numeric_limits<int64_t>::max()) {
    return absl::OutOfRangeError(
        absl::StrCat("what was ", what, " on ", day.date(), " in ", day.currency(),
                     " is more minor units than an amount holds; ask for other days"));
  }
  money->set_currency(day.currency());
  money->set_minor_units(static_cast<int64_t>(sum));
  return absl::OkStatus();
}

absl::Status SetDay(const std::pair<Date, std::string>& key, const DayTotals& totals,
                    v1::DailyTotals* day) {
  day->set_date(key.first.ToString());
  day->set_currency(key.second);
  day->set_facts(totals.facts);
  day->set_deals_booked(totals.deals);
  RETURN_IF_ERROR(SetSum("booked", totals.booked, *day, day->mutable_booked()));
  RETURN_IF_ERROR(SetSum("amended", totals.amended, *day, day->mutable_amended()));
  RETURN_IF_ERROR(SetSum("cancelled", totals.cancelled, *day, day->mutable_cancelled()));
  RETURN_IF_ERROR(SetSum("invoiced", totals.invoiced, *day, day->mutable_invoiced()));
  return SetSum("collected", totals.collected, *day, day->mutable_collected());
}

// What must not change during a walk.
v1::GetDailyTotalsRequest QueryOf(v1::GetDailyTotalsRequest request) {
  request.clear_page_size();
  request.clear_page_token();
  request.mutable_context()->clear_min_position();
  return request;
}

}  // namespace

absl::StatusOr<v1::GetDailyTotalsResponse> PageOfTotals(Workspace* workspace,
                                                        const v1::GetDailyTotalsRequest& request,
                                                        const Call& call) {
  ASSIGN_OR_RETURN(const Wanted wanted, Check(request));
  ASSIGN_OR_RETURN(const std::shared_ptr<OpenLedger> open,
                   workspace->Get(request.context().ledger()));
  const v1::GetDailyTotalsRequest query = QueryOf(request);
  const std::string& key = open->ledger->log().verifier_key();
  PageToken page;
  std::shared_ptr<const DailyTotalsView> view;
  if (request.page_token().empty()) {
    ASSIGN_OR_RETURN(view, ResolveTotals(*open, request.context(), call, workspace->clock()));
  } else {
    ASSIGN_OR_RETURN(page, DecodePageToken(request.page_token(), query, key));
    ASSIGN_OR_RETURN(view, open->daily_totals->ViewAsOf(page.position));
  }
  ASSIGN_OR_RETURN(const TotalsByDay totals,
                   view->Read(wanted.first, wanted.last, request.currency()));
  v1::GetDailyTotalsResponse response;
  response.mutable_at()->set_position(view->position());
  response.mutable_at()->set_plans_position(view->position());
  uint64_t number = 0;
  for (const auto& [day, sums] : totals) {
    if (number++ < page.offset) continue;
    if (static_cast<size_t>(response.days_size()) == wanted.rows) {
      const uint64_t given = page.offset + wanted.rows;
      const PageToken next{
          .position = view->position(), .plans_position = view->position(), .offset = given};
      response.set_next_page_token(EncodePageToken(next, query, key));
      break;
    }
    RETURN_IF_ERROR(SetDay(day, sums, response.add_days()));
  }
  return response;
}

}  // namespace payfold
