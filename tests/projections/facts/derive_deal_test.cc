#include "projections/facts/derive_deal.h"

#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "ledger/admission/stream_name.h"
#include "projections/facts/fold.h"
#include "projections/facts/reference.h"
#include "tests/support/random_company.h"

namespace payfold {
namespace {

using ::payfold_testing::RandomCompany;

constexpr uint32_t kStream = 17;

std::string Text(const DerivedDeal& derived) {
  std::string text = absl::StrCat(derived.has_issues, " ", derived.by_policy, " ", derived.is_open,
                                  " ", derived.last_day().ToString());
  for (const DayStep& step : derived.last_days) {
    absl::StrAppend(&text, " @", step.position, " ", step.day.ToString());
  }
  for (uint32_t participant : derived.taken_from) absl::StrAppend(&text, " not ", participant);
  for (const auto& [participant, credit] : derived.credits) {
    absl::StrAppend(&text, "|", participant, ":", EncodeCredits({credit}));
  }
  return text;
}

// Numbers that are told by the id alone.
uint32_t NumberOf(absl::string_view id) {
  return static_cast<uint32_t>(std::hash<std::string>()(std::string(id)) % 1000);
}

std::string EncodedFact(const std::string& deal_id, const v1::Event& event) {
  std::string encoded;
  if (!deal_id.empty()) AppendDealId(deal_id, &encoded);
  const absl::StatusOr<DealFact> fact = DealFactOf(event, NumberOf);
  EXPECT_TRUE(fact.ok()) << fact.status();
  if (fact.ok()) AppendDealFact(*fact, &encoded);
  return encoded;
}

TEST(DeriveDealTest, PlainDealsGiveWhatTheSettledOnesGive) {
  int plain = 0;
  int others = 0;
  PlainDealDeriver deriver;
  DerivedDeal derived;
  for (uint64_t seed = 1; seed <= 200; ++seed) {
    Reference reference;
    std::map<std::string, std::string> deals;  // by stream
    for (const v1::Event& event : RandomCompany(seed, {})) {
      if (event.has_split_policy_set()) {
        ASSERT_TRUE(reference.Apply(event, NumberOf).ok());
      }
      if (!IsDealKind(KindOf(event))) continue;
      std::string& deal = deals[event.stream()];
      deal += EncodedFact(deal.empty() ? event.stream() : "", event);
      const absl::StatusOr<DealFacts> facts = DecodeDealFacts(deal);
      ASSERT_TRUE(facts.ok()) << facts.status();
      if (!deriver.Derive(kStream, deal, &derived)) {
        ++others;
        continue;
      }
      ++plain;
      ASSERT_EQ(Text(derived), Text(DeriveDeal(kStream, *facts, *reference.policies)))
          << "seed " << seed << ", " << event.ShortDebugString();
    }
  }
  EXPECT_GT(plain, 500);
  EXPECT_GT(others, 500);
}

TEST(DeriveDealTest, ADamagedEncodingIsNotPlain) {
  v1::Event booking;
  booking.set_position(3);
  booking.mutable_deal_booked()->mutable_amount()->set_currency("USD");
  booking.mutable_deal_booked()->mutable_amount()->set_minor_units(100);
  booking.mutable_deal_booked()->set_booked_on("2025-01-31");
  booking.mutable_deal_booked()->set_owner_id("ana");
  const std::string deal = EncodedFact("D", booking);
  PlainDealDeriver deriver;
  DerivedDeal derived;
  EXPECT_TRUE(deriver.Derive(kStream, deal, &derived));
  EXPECT_FALSE(deriver.Derive(kStream, "", &derived));
  EXPECT_FALSE(deriver.Derive(kStream, absl::StrCat(std::string(1, '\0'), EncodedFact("", booking)),
                              &derived));
  EXPECT_FALSE(deriver.Derive(kStream, deal.substr(0, deal.size() - 1), &derived));
  EXPECT_FALSE(deriver.Derive(kStream, deal + "\x09", &derived));
}

}  // namespace
}  // namespace payfold
