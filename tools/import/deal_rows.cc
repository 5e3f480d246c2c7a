#include "tools/import/deal_rows.h"

#include <map>
#include <utility>

#include "absl/numeric/int128.h"
#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "ledger/admission/fields.h"
#include "ledger/admission/validate.h"
#include "ledger/base/status_macros.h"
#include "ledger/calendar/date.h"
#include "ledger/money/decimal.h"

namespace payfold {
namespace {

class DealRowReader {
 public:
  DealRowReader(const ImportMapping& mapping, const Resolver& resolver, const Row& row,
                std::vector<RowProblem>* problems)
      : mapping_(mapping), resolver_(resolver), row_(row), problems_(problems) {}

  DealRow Read() {
    DealRow deal;
    const std::string stage = row_.Value(mapping_.stage_column);
    const auto meaning = mapping_.stages.find(stage);
    if (meaning == mapping_.stages.end()) {
      Problem("stage", stage,
              stage.empty() ? "the stage is empty; fill it in"
                            : "is no stage of the mapping; add it to stage.won, lost or open");
    } else {
      deal.stage = meaning->second;
    }
    if (deal.stage == Stage::kWon) {
      ReadBooking(&deal.booking);
    } else {
      ReadPipeline(stage, &deal);
    }
    return deal;
  }

 private:
  void ReadBooking(v1::DealBooked* booking) {
    ReadCommon(booking);
    if (const std::string text = Required("amount"); !text.empty()) {
      ReadMoney(text, booking->mutable_amount());
    }
    booking->set_booked_on(DateOf("booked_on", Required("booked_on")));
    if (mapping_.deals.fields.count("owner_id") > 0) Require("owner_id", booking->owner_id());
  }

  void ReadPipeline(const std::string& stage, DealRow* deal) {
    v1::PipelineUpdated* pipeline = &deal->pipeline;
    ReadCommon(pipeline);
    if (deal->stage == Stage::kLost) {
      pipeline->set_stage(std::string(kLostStage));
      deal->lost_on = DateOf("lost_on", Value("lost_on"));
      if (!deal->lost_on.empty()) (*pipeline->mutable_attributes())["lost_on"] = deal->lost_on;
      return;
    }
    pipeline->set_stage(stage);
    pipeline->set_expected_on(DateOf("expected_on", Value("expected_on")));
    pipeline->set_probability(Value("probability"));
    if (const std::string text = Value("amount"); !text.empty()) {
      ReadMoney(text, pipeline->mutable_amount());
    }
  }

  // What a booking and an open opportunity have in common.
  template <typename Deal>
  void ReadCommon(Deal* deal) {
    deal->set_deal_id(Required("deal_id"));
    if (!deal->deal_id().empty() && !IsId(deal->deal_id())) {
      Problem(
          "deals.deal_id", deal->deal_id(),
          "must be 1 to 128 characters of A-Z a-z 0-9 . _ ~ @ : -, the first a letter or digit");
    }
    deal->set_owner_id(Value("owner_id"));
    deal->set_product(Value("product"));
    deal->set_segment(Value("segment"));
    deal->set_territory(Value("territory"));
    deal->set_channel(Value("channel"));
    deal->set_customer_id(Value("customer_id"));
    if (const std::string term = Value("term_months"); !term.empty()) {
      int32_t months = 0;
      if (absl::SimpleAtoi(term, &months)) {
        deal->set_term_months(months);
      } else {
        Problem("deals.term_months", term, "must be a whole number of months");
      }
    }
    for (const auto& attribute : mapping_.deals.attributes) {
      std::string value = resolver_.Resolve(attribute.second, row_, problems_);
      if (!value.empty()) (*deal->mutable_attributes())[attribute.first] = std::move(value);
    }
  }

  std::string Value(const std::string& name) {
    const auto rule = mapping_.deals.fields.find(name);
    if (rule == mapping_.deals.fields.end()) return "";
    return resolver_.Resolve(rule->second, row_, problems_);
  }

  std::string Required(const std::string& name) {
    std::string value = Value(name);
    Require(name, value);
    return value;
  }

  void Require(absl::string_view name, const std::string& value) {
    const std::string field = absl::StrCat("deals.", name);
    if (!value.empty() || HasProblem(field)) return;
    Problem(field, "", "is empty, and the row needs it; fill it in");
  }

  bool HasProblem(absl::string_view field) const {
    for (const RowProblem& problem : *problems_) {
      if (problem.field == field) return true;
    }
    return false;
  }

  // The date, or "" if there is none.
  std::string DateOf(absl::string_view name, const std::string& text) {
    if (text.empty()) return "";
    const absl::StatusOr<Date> date = Date::Parse(text);
    if (date.ok()) return date->ToString();
    Problem(absl::StrCat("deals.", name), text, std::string(date.status().message()));
    return "";
  }

  void ReadMoney(const std::string& text, v1::Money* money) {
    absl::StatusOr<v1::Money> amount = ReadAmount(text, *mapping_.currency, mapping_.minor_units);
    if (amount.ok()) {
      *money = *std::move(amount);
    } else {
      Problem("deals.amount", text, std::string(amount.status().message()));
    }
  }

  void Problem(std::string field, std::string value, std::string message) {
    problems_->push_back(
        {row_.columns->file, row_.line, std::move(field), std::move(value), std::move(message)});
  }

  const ImportMapping& mapping_;
  const Resolver& resolver_;
  const Row& row_;
  std::vector<RowProblem>* problems_;
};

}  // namespace

DealRow ReadDealRow(const ImportMapping& mapping, const Resolver& resolver, const Row& row,
                    std::vector<RowProblem>* problems) {
  return DealRowReader(mapping, resolver, row, problems).Read();
}

absl::StatusOr<v1::Money> ReadAmount(absl::string_view text, Currency currency, bool minor_units) {
  ASSIGN_OR_RETURN(const Decimal value, Decimal::Parse(text));
  const int64_t units = minor_units ? 1 : currency.minor_per_major();
  const absl::int128 scaled = value.nanos() * units;
  if (scaled % Decimal::kNanosPerUnit != 0) {
    return absl::InvalidArgumentError(
        minor_units ? "must be a whole number of minor units"
                    : absl::StrCat(currency.code(), " has ", currency.digits(),
                                   " digits after the point, the amount more; round it"));
  }
  const absl::int128 minor = scaled / Decimal::kNanosPerUnit;
  if (minor < 0) {
    return absl::InvalidArgumentError("must not be negative; a refund is a cancellation");
  }
  if (minor > kMaxAmount) {
    return absl::InvalidArgumentError(
        absl::StrCat("must be at most ", FormatAmount(kMaxAmount, currency), " ", currency.code()));
  }
  v1::Money money;
  money.set_currency(std::string(currency.code()));
  money.set_minor_units(static_cast<int64_t>(minor));
  return money;
}

}  // namespace payfold
