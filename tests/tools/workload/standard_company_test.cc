#include "tools/workload/standard_company.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ledger/admission/validate.h"
#include "ledger/base/sha256.h"
#include "ledger/plan/compile.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"
#include "tools/workload/log_normal.h"

namespace payfold {
namespace {

using ::payfold_testing::IsOk;
using ::payfold_testing::TempDir;

std::string Digest(const StandardCompany& company) {
  Sha256Hasher hasher;
  for (int64_t i = 0; i < company.event_count(); ++i) {
    hasher.Update(company.EventAt(i).SerializeAsString());
  }
  return ToHex(hasher.Finish());
}

TEST(StandardCompanyTest, HasTheSizesOfThePage) {
  const struct {
    int64_t deals, sellers, participants, events;
  } kCases[] = {
      {1, 10, 13, 1 + 13 + 240 + 2},
      {50'000, 100, 112, 1 + 112 + 2'400 + 100'000},
      {500'000, 1'000, 1'111, 1 + 1'111 + 24'000 + 1'000'000},
      {5'000'000, 10'000, 11'110, 1 + 11'110 + 240'000 + 10'000'000},
  };
  for (const auto& c : kCases) {
    const StandardCompany company({.deals = c.deals});
    EXPECT_EQ(company.seller_count(), c.sellers) << c.deals;
    EXPECT_EQ(company.participant_count(), c.participants) << c.deals;
    EXPECT_EQ(company.event_count(), c.events) << c.deals;
  }
}

// The digest is that of every machine: bench results of two of them compare.
TEST(StandardCompanyTest, IsTheSameEverywhereAndAnotherForAnotherSeed) {
  EXPECT_EQ(Digest(StandardCompany({.deals = 1'000})),
            "48d8a747b9424c6790c22c9962756530ddf3a129df9e4616259128469d1a9e0e");
  EXPECT_NE(Digest(StandardCompany({.deals = 1'000, .seed = 2})),
            Digest(StandardCompany({.deals = 1'000})));
}

TEST(StandardCompanyTest, EveryEventKeepsTheRules) {
  const StandardCompany company({.deals = 10'000});
  std::vector<v1::Event> batch;
  std::set<std::string> ids;
  for (int64_t i = 0; i < company.event_count(); ++i) {
    batch.push_back(company.EventAt(i));
    ids.insert(batch.back().event_id());
    if (batch.size() < 5'000 && i + 1 < company.event_count()) continue;
    const std::vector<Violation> violations = ValidateBatch(batch);
    ASSERT_TRUE(violations.empty()) << violations[0].field << ": " << violations[0].message;
    batch.clear();
  }
  EXPECT_EQ(static_cast<int64_t>(ids.size()), company.event_count());
  EXPECT_TRUE(CompilePlan(company.Plan()).program.has_value())
      << ErrorText(CompilePlan(company.Plan()).diagnostics);
}

TEST(StandardCompanyTest, DealsAreSpreadOverTheMonthsInOrder) {
  const StandardCompany company({.deals = 73'100});
  std::map<std::string, int> days;
  Date last = Date::Min();
  for (int64_t i = 0; i < company.deal_count(); ++i) {
    const Date day = company.DealAt(i).booked_on;
    ASSERT_LE(last, day);
    last = day;
    ++days[day.ToString()];
  }
  EXPECT_EQ(days.size(), 731u);
  EXPECT_EQ(days.begin()->first, "2024-01-01");
  EXPECT_EQ(days.rbegin()->first, "2025-12-31");
  for (const auto& day : days) EXPECT_EQ(day.second, 100) << day.first;
}

TEST(StandardCompanyTest, ThreeInTenDealsAreSplitInTheTeam) {
  const StandardCompany company({.deals = 100'000});
  int split = 0;
  std::set<int64_t> owners;
  for (int64_t i = 0; i < company.deal_count(); ++i) {
    const StandardCompany::Deal deal = company.DealAt(i);
    owners.insert(deal.shares[0].seller);
    if (deal.share_count == 1) {
      ASSERT_EQ(deal.shares[0].percent, 100);
      continue;
    }
    ++split;
    ASSERT_EQ(deal.share_count, 3);
    std::set<int64_t> people;
    int percent = 0;
    for (const StandardCompany::Share& share : deal.shares) {
      ASSERT_EQ(share.seller / 10, deal.shares[0].seller / 10);
      people.insert(share.seller);
      percent += share.percent;
    }
    ASSERT_EQ(people.size(), 3u) << "deal " << i;
    ASSERT_EQ(percent, 100);
  }
  EXPECT_NEAR(split, 30'000, 600);
  EXPECT_EQ(owners.size(), 200u);
}

TEST(StandardCompanyTest, AmountsAreLogNormalAboutTheirMedian) {
  const StandardCompany company({.deals = 100'000});
  std::vector<int64_t> cents;
  for (int64_t i = 0; i < company.deal_count(); ++i) cents.push_back(company.DealAt(i).cents);
  std::sort(cents.begin(), cents.end());
  EXPECT_NEAR(static_cast<double>(cents[50'000]), 440'000, 8'000);
  EXPECT_NEAR(static_cast<double>(cents[84'134]), 440'000 * 2.71828, 30'000);  // one sigma up
  EXPECT_NEAR(static_cast<double>(cents[15'866]), 440'000 / 2.71828, 5'000);   // one sigma down
}

TEST(LogNormalTest, GrowsFromEndToEnd) {
  int64_t last = 0;
  for (uint64_t i = 0; i < 4'096; ++i) {
    const int64_t amount = LogNormalAmount(i << 52);
    EXPECT_GE(amount, last);
    last = amount;
  }
  EXPECT_GT(LogNormalAmount(0), 0);
  EXPECT_EQ(LogNormalAmount(uint64_t{1} << 63), 440'000);
}

TEST(StandardCompanyTest, TablesForPeersSayTheSame) {
  const StandardCompany company({.deals = 500});
  const TempDir dir;
  ASSERT_THAT(company.WriteCsv(dir.path()), IsOk());
  const auto read = [&dir](const std::string& name) {
    std::ostringstream text;
    text << std::ifstream(dir.Path(name)).rdbuf();
    return text.str();
  };
  const auto lines = [&read](const std::string& name) {
    const std::string text = read(name);
    return std::count(text.begin(), text.end(), '\n');
  };
  std::string deals = "deal_id,booked_on,cents\n";
  std::string splits = "deal_id,participant_id,share\n";
  for (int64_t i = company.reference_event_count(); i < company.event_count(); ++i) {
    const v1::Event event = company.EventAt(i);
    const v1::DealBooked& deal = event.deal_booked();
    if (event.has_deal_booked()) {
      absl::StrAppend(&deals, deal.deal_id(), ",", deal.booked_on(), ",",
                      deal.amount().minor_units(), "\n");
    }
    for (const v1::CreditShare& share : event.credit_split().shares()) {
      absl::StrAppend(&splits, event.credit_split().deal_id(), ",", share.participant_id(), ",",
                      share.share(), "\n");
    }
  }
  EXPECT_EQ(read("deals.csv"), deals);
  EXPECT_EQ(read("splits.csv"), splits);
  EXPECT_EQ(lines("quotas.csv"), 1 + company.seller_count() * StandardCompany::kMonths);
  EXPECT_EQ(lines("participants.csv"), 1 + company.participant_count());
}

}  // namespace
}  // namespace payfold
