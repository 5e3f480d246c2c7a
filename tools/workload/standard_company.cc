#include "tools/workload/standard_company.h"

#include <algorithm>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "ledger/base/check.h"
#include "ledger/base/status_macros.h"
#include "tools/workload/log_normal.h"

namespace payfold {
namespace {

constexpr int kDays = 731;  // 2024 is a leap year
constexpr int64_t kTeam = 10;
constexpr char kSource[] = "standard-company";
constexpr char kMetric[] = "bookings";

// Which number is drawn for a deal or quota.
enum class Draw : uint64_t { kAmount = 1, kOwner, kSplit, kPartners, kQuota };

// 64 even bits for a thing and a purpose (splitmix64's finaliser, twice).
uint64_t Mix(uint64_t x) {
  x += 0x9E3779B97F4A7C15;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
  return x ^ (x >> 31);
}
uint64_t Random(uint64_t seed, Draw draw, int64_t index) {
  return Mix(Mix(seed + (static_cast<uint64_t>(draw) << 48)) + static_cast<uint64_t>(index));
}

int64_t CeilDivide(int64_t a, int64_t b) { return (a + b - 1) / b; }

std::string TeamName(int64_t team) { return absl::StrFormat("team-%04d", team); }
std::string ManagerId(int level, int64_t index) {
  return absl::StrFormat("m%d-%04d", level, index);
}

std::string ShareText(int percent) {
  return percent == 100 ? "1" : absl::StrCat("0.", percent / 10);
}

// A file that is written row by row.
class CsvFile {
 public:
  CsvFile(const std::string& folder, const std::string& name, const std::string& header)
      : path_(folder + "/" + name), file_(path_, std::ios::binary) {
    file_ << header << '\n';
  }
  template <typename... Fields>
  void Row(const Fields&... fields) {
    std::string row;
    ((absl::StrAppend(&row, row.empty() ? "" : ",", fields)), ...);
    file_ << row << '\n';
  }
  absl::Status Close() {
    file_.close();
    if (file_) return absl::OkStatus();
    return absl::UnavailableError(absl::StrCat("cannot write ", path_));
  }

 private:
  std::string path_;
  std::ofstream file_;
};

}  // namespace

StandardCompany::StandardCompany(const Options& options)
    : deals_(options.deals),
      seed_(options.seed),
      sellers_(std::max<int64_t>(1, CeilDivide(options.deals, 500 * kTeam)) * kTeam),
      level_sizes_{},
      managers_(0) {
  CHECK(deals_ >= 1);
  int64_t below = sellers_;
  for (int64_t& size : level_sizes_) {
    size = CeilDivide(below, kTeam);
    managers_ += size;
    below = size;
  }
}

std::string StandardCompany::DealId(int64_t deal) { return absl::StrFormat("d%07d", deal); }
std::string StandardCompany::SellerId(int64_t seller) { return absl::StrFormat("s%05d", seller); }
std::string StandardCompany::MonthLabel(int month) {
  return absl::StrFormat("%d-%02d", 2024 + month / 12, month % 12 + 1);
}

StandardCompany::Deal StandardCompany::DealAt(int64_t deal) const {
  CHECK(deal >= 0 && deal < deals_);
  Deal result;
  result.booked_on = Date::Of(2024, 1, 1) + static_cast<int32_t>(deal * kDays / deals_);
  result.cents = LogNormalAmount(Random(seed_, Draw::kAmount, deal));
  const auto owner =
      static_cast<int64_t>(Random(seed_, Draw::kOwner, deal) % static_cast<uint64_t>(sellers_));
  if (Random(seed_, Draw::kSplit, deal) % 10 >= 3) {
    result.share_count = 1;
    result.shares[0] = {owner, 100};
    return result;
  }
  // Two others of the team of ten: 1 to 9 places on, and not the same.
  const uint64_t random = Random(seed_, Draw::kPartners, deal);
  const auto second = static_cast<int64_t>(1 + random % 9);
  const auto third = static_cast<int64_t>((static_cast<uint64_t>(second) + random / 9 % 8) % 9 + 1);
  const int64_t team = owner / kTeam * kTeam;
  result.share_count = 3;
  result.shares[0] = {owner, 70};
  result.shares[1] = {team + (owner + second) % kTeam, 20};
  result.shares[2] = {team + (owner + third) % kTeam, 10};
  return result;
}

int64_t StandardCompany::QuotaAt(int64_t seller, int month) const {
  CHECK(seller >= 0 && seller < sellers_ && month >= 0 && month < kMonths);
  // 80,000.00 to 200,000.00 in thousands, one for a seller's whole year.
  const int64_t year = month / 12;
  const uint64_t random = Random(seed_, Draw::kQuota, seller * 2 + year);
  return static_cast<int64_t>(80 + random % 121) * 100'000;
}

v1::Plan StandardCompany::Plan() const {
  v1::Plan plan;
  plan.set_plan_id("standard");
  plan.set_display_name("Standard company");
  plan.set_currency("USD");
  plan.mutable_effective()->set_start("2024-01-01");
  plan.mutable_effective()->set_end("2025-12-31");
  plan.mutable_eligibility()->add_roles("seller");
  v1::Component* component = plan.add_components();
  component->set_component_id("commission");
  component->mutable_measure()->mutable_deals()->set_value(v1::DealMeasure::AMOUNT);
  component->set_period(v1::MONTH);
  component->mutable_target()->mutable_quota()->set_metric(kMetric);
  v1::Bands* bands = component->mutable_payout()->mutable_bands();
  bands->set_basis(v1::Bands::ATTAINMENT);
  bands->set_mode(v1::Bands::MARGINAL);
  const struct {
    const char* upto;
    const char* rate;
  } kBands[] = {{"100%", "5%"}, {"150%", "8%"}, {"", "12%"}};
  for (const auto& b : kBands) {
    v1::Band* band = bands->add_bands();
    band->set_upto(b.upto);
    band->set_rate(b.rate);
  }
  return plan;
}

v1::Event StandardCompany::EventAt(int64_t index) const {
  CHECK(index >= 0 && index < event_count());
  v1::Event event;
  int64_t place = index - 1;
  if (index == 0) {
    *event.mutable_plan_published()->mutable_plan() = Plan();
    event.set_event_id("plan-standard-1");
  } else if (place < participant_count()) {
    event = ParticipantEvent(place);
  } else if (place -= participant_count(); place < sellers_ * kMonths) {
    event = QuotaEvent(place);
  } else {
    place -= sellers_ * kMonths;
    event = place % 2 == 0 ? BookingEvent(place / 2) : SplitEvent(place / 2);
  }
  event.set_source(kSource);
  return event;
}

StandardCompany::Participant StandardCompany::ParticipantAt(int64_t index) const {
  if (index < sellers_) {
    const int64_t team = index / kTeam;
    return {SellerId(index), "seller", TeamName(team), ManagerId(1, team)};
  }
  int64_t place = index - sellers_;
  int level = 1;
  for (; place >= level_sizes_[static_cast<size_t>(level) - 1]; ++level) {
    place -= level_sizes_[static_cast<size_t>(level) - 1];
  }
  return {ManagerId(level, place), "manager", level == 1 ? TeamName(place) : "",
          level == 3 ? "" : ManagerId(level + 1, place / kTeam)};
}

v1::Event StandardCompany::ParticipantEvent(int64_t index) const {
  const Participant participant = ParticipantAt(index);
  v1::Event event;
  event.set_event_id(absl::StrCat("state-", participant.id));
  v1::ParticipantChanged* fact = event.mutable_participant_changed();
  fact->set_participant_id(participant.id);
  fact->set_effective_from("2024-01-01");
  fact->set_status(v1::ParticipantChanged::ACTIVE);
  fact->set_role(participant.role);
  fact->set_team(participant.team);
  fact->set_manager_id(participant.manager);
  return event;
}

v1::Event StandardCompany::QuotaEvent(int64_t index) const {
  const int64_t seller = index / kMonths;
  const int month = static_cast<int>(index % kMonths);
  v1::Event event;
  event.set_event_id(absl::StrCat("quota-", SellerId(seller), "-", MonthLabel(month)));
  v1::QuotaSet* quota = event.mutable_quota_set();
  quota->set_metric(kMetric);
  quota->set_subject(SellerId(seller));
  quota->set_period(MonthLabel(month));
  quota->set_value(absl::StrCat(QuotaAt(seller, month)));
  return event;
}

v1::Event StandardCompany::BookingEvent(int64_t deal) const {
  const Deal facts = DealAt(deal);
  v1::Event event;
  event.set_event_id(absl::StrCat(DealId(deal), "-b"));
  v1::DealBooked* booking = event.mutable_deal_booked();
  booking->set_deal_id(DealId(deal));
  booking->mutable_amount()->set_currency("USD");
  booking->mutable_amount()->set_minor_units(facts.cents);
  booking->set_booked_on(facts.booked_on.ToString());
  booking->set_owner_id(SellerId(facts.shares[0].seller));
  return event;
}

v1::Event StandardCompany::SplitEvent(int64_t deal) const {
  const Deal facts = DealAt(deal);
  v1::Event event;
  event.set_event_id(absl::StrCat(DealId(deal), "-s"));
  v1::CreditSplit* split = event.mutable_credit_split();
  split->set_deal_id(DealId(deal));
  for (int i = 0; i < facts.share_count; ++i) {
    const Share& share = facts.shares[static_cast<size_t>(i)];
    v1::CreditShare* out = split->add_shares();
    out->set_participant_id(SellerId(share.seller));
    out->set_share(ShareText(share.percent));
  }
  return event;
}

absl::Status StandardCompany::WriteCsv(const std::string& folder) const {
  CsvFile participants(folder, "participants.csv", "participant_id,role,team,manager_id");
  for (int64_t i = 0; i < participant_count(); ++i) {
    const Participant p = ParticipantAt(i);
    participants.Row(p.id, p.role, p.team, p.manager);
  }
  RETURN_IF_ERROR(participants.Close());
  CsvFile quotas(folder, "quotas.csv", "participant_id,period,cents");
  for (int64_t seller = 0; seller < sellers_; ++seller) {
    for (int month = 0; month < kMonths; ++month) {
      quotas.Row(SellerId(seller), MonthLabel(month), QuotaAt(seller, month));
    }
  }
  RETURN_IF_ERROR(quotas.Close());
  CsvFile deals(folder, "deals.csv", "deal_id,booked_on,cents");
  CsvFile splits(folder, "splits.csv", "deal_id,participant_id,share");
  for (int64_t i = 0; i < deals_; ++i) {
    const Deal deal = DealAt(i);
    deals.Row(DealId(i), deal.booked_on.ToString(), deal.cents);
    for (int k = 0; k < deal.share_count; ++k) {
      const Share& share = deal.shares[static_cast<size_t>(k)];
      splits.Row(DealId(i), SellerId(share.seller), ShareText(share.percent));
    }
  }
  RETURN_IF_ERROR(deals.Close());
  return splits.Close();
}

}  // namespace payfold
