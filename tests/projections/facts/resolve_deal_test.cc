#include "projections/facts/resolve_deal.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gtest/gtest.h"
#include "projections/facts/credits.h"
#include "tests/projections/facts/deal_scripts.h"

namespace payfold {
namespace {

using ::payfold_testing::Amended;
using ::payfold_testing::Amount;
using ::payfold_testing::BasesText;
using ::payfold_testing::Booked;
using ::payfold_testing::Cancellation;
using ::payfold_testing::Collected;
using ::payfold_testing::Facts;
using ::payfold_testing::Invoiced;

// "ana 70|-49": the parts of each share for each base.
std::string CreditsText(const Deal& deal) {
  const absl::StatusOr<std::vector<BaseCredits>> bases =
      CreditBases(deal, deal.bases, Trigger::kBooked, nullptr, Rounding::kHalfUp);
  if (!bases.ok()) return bases.status().ToString();
  const char* const names[] = {"ana", "ben", "cy"};
  std::vector<std::string> texts;
  for (size_t s = 0; s < deal.shares.size(); ++s) {
    std::string text = absl::StrCat(names[deal.shares[s].participant], " ");
    for (size_t b = 0; b < bases->size(); ++b) {
      absl::StrAppend(&text, b == 0 ? "" : "|", (*bases)[b].credits[s]);
    }
    texts.push_back(text);
  }
  return absl::StrJoin(texts, ", ");
}

TEST(ResolveDealTest, BasesFollowTheRulesOfCredits) {
  const struct {
    const char* rule;
    std::vector<std::string> facts;
    const char* want;
  } kCases[] = {
      {"a booking is the first base", {Booked("100", "2025-01-10")}, "booked 2025-01-10 100"},
      {"ADJUST adds new - old on its date",
       {Booked("100", "2025-01-10"), Amended("ADJUST", "2025-02-01", Amount("130")),
        Amended("ADJUST", "2025-03-01", Amount("120"))},
       "booked 2025-01-10 100, adjusted 2025-02-01 30, adjusted 2025-03-01 -10"},
      {"late facts take their place by date",
       {Booked("100", "2025-01-10"), Amended("ADJUST", "2025-03-01", Amount("120")),
        Amended("ADJUST", "2025-02-01", Amount("130"))},
       "booked 2025-01-10 100, adjusted 2025-02-01 30, adjusted 2025-03-01 -10"},
      {"RESTATE with an amount drops the ADJUSTs before it",
       {Booked("100", "2025-01-10"), Amended("ADJUST", "2025-02-01", Amount("130")),
        Amended("RESTATE", "2025-02-15", Amount("90")),
        Amended("ADJUST", "2025-03-01", Amount("95"))},
       "booked 2025-01-10 90, adjusted 2025-03-01 5"},
      {"RESTATE without an amount keeps them",
       {Booked("100", "2025-01-10"), Amended("ADJUST", "2025-02-01", Amount("130")),
        Amended("RESTATE", "2025-02-15", R"("booked_on":"2025-01-05")")},
       "booked 2025-01-05 100, adjusted 2025-02-01 30"},
      {"a change before the booking takes the booking date",
       {Booked("100", "2025-01-10"), Cancellation("2025-01-01", "," + Amount("30"))},
       "booked 2025-01-10 100, cancelled 2025-01-10 -30"},
      {"a cancellation without amount takes all that is left",
       {Booked("100", "2025-01-10"), Cancellation("2025-02-01", "," + Amount("30")),
        Cancellation("2025-03-01")},
       "booked 2025-01-10 100, cancelled 2025-02-01 -30, cancelled 2025-03-01 -70 in full"},
      {"more than is left cancels what is left, in full",
       {Booked("100", "2025-01-10"), Cancellation("2025-02-01", "," + Amount("101"))},
       "booked 2025-01-10 100, cancelled 2025-02-01 -100 in full"},
      {"one unit less is not in full",
       {Booked("100", "2025-01-10"), Cancellation("2025-02-01", "," + Amount("99"))},
       "booked 2025-01-10 100, cancelled 2025-02-01 -99"},
      {"another currency has no effect",
       {Booked("100", "2025-01-10"), Amended("ADJUST", "2025-02-01", Amount("50", "EUR")),
        Cancellation("2025-03-01", "," + Amount("50", "EUR"))},
       "booked 2025-01-10 100"},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(BasesText(ResolveDeal(Facts(c.facts), SplitPolicies()).bases), c.want) << c.rule;
  }
}

TEST(ResolveDealTest, SharesAddUpToTheDealWhateverChanges) {
  const std::string thirds =
      R"("credit_split":{"deal_id":"D","shares":[{"participant_id":"ana","share":"0.333333333"},
      {"participant_id":"ben","share":"0.333333333"},{"participant_id":"cy","share":"0.333333334"}]})";
  const std::string overlay =
      R"("credit_split":{"deal_id":"D","shares":[{"participant_id":"ana","share":"1"},
      {"participant_id":"cy","share":"0.25","overlay":true}]})";
  const struct {
    const char* rule;
    std::vector<std::string> facts;
    const char* want;
  } kCases[] = {
      {"the owner has 1", {Booked("100", "2025-01-10")}, "ana 100"},
      {"units left over go to the largest remainder, then the first",
       {Booked("100", "2025-01-10"), thirds},
       "ana 33, ben 33, cy 34"},
      {"a change is the difference of the parts of the totals",
       {Booked("100", "2025-01-10"), thirds, Cancellation("2025-02-01", "," + Amount("50"))},
       "ana 33|-16, ben 33|-17, cy 34|-17"},
      {"a cancellation in full takes back exactly what was credited",
       {Booked("100", "2025-01-10"), thirds, Cancellation("2025-02-01", "," + Amount("1")),
        Cancellation("2025-03-01")},
       "ana 33|0|-33, ben 33|0|-33, cy 34|-1|-33"},
      {"an overlay adds round(total × share)",
       {Booked("10", "2025-01-10"), overlay, Cancellation("2025-02-01", "," + Amount("3"))},
       "ana 10|-3, cy 3|-1"},
      {"the last split holds",
       {Booked("100", "2025-01-10"), overlay, thirds},
       "ana 33, ben 33, cy 34"},
      {"also one that was stated before the booking",
       {thirds, Booked("100", "2025-01-10")},
       "ana 33, ben 33, cy 34"},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(CreditsText(ResolveDeal(Facts(c.facts), SplitPolicies())), c.want) << c.rule;
  }
}

TEST(ResolveDealTest, APolicyDividesARolesShareEquallyAndRescalesAbsentRoles) {
  SplitPolicies policies;
  policies.Add({"standard",
                *Date::Parse("2025-01-01"),
                1,
                {{"ae", 700'000'000}, {"sdr", 100'000'000}, {"se", 200'000'000}}});
  policies.Add({"later", *Date::Parse("2025-02-01"), 2, {{"ae", 1'000'000'000}}});
  const auto members = [](const std::string& list) {
    return absl::StrCat(R"(,"members":[)", list, "]");
  };
  const std::string ana_ae = R"({"participant_id":"ana","role":"ae"})";
  const std::string ben_ae = R"({"participant_id":"ben","role":"ae"})";
  const std::string ben_se = R"({"participant_id":"ben","role":"se"})";
  const std::string cy_csm = R"({"participant_id":"cy","role":"csm"})";
  const auto credits = [&](const std::string& date, const std::string& list) {
    return CreditsText(ResolveDeal(Facts({Booked("90", date, members(list))}), policies));
  };
  EXPECT_EQ(credits("2025-01-10", ana_ae + "," + ben_se), "ana 70, ben 20");
  EXPECT_EQ(credits("2025-01-10", ana_ae + "," + ben_ae), "ana 45, ben 45");
  EXPECT_EQ(credits("2025-01-10", ana_ae + "," + cy_csm), "ana 90");
  EXPECT_EQ(credits("2025-01-10", cy_csm), "ana 90") << "nobody matches: the owner";
  EXPECT_EQ(credits("2025-02-01", ben_se), "ana 90") << "the later policy knows no se";
  EXPECT_EQ(credits("2024-12-31", ben_se), "ana 90") << "before every policy";
}

TEST(ResolveDealTest, FactsOfADealThatIsNotBookedWaitAndSaySo) {
  const Deal deal = ResolveDeal(Facts({Cancellation("2025-02-01")}), SplitPolicies());
  EXPECT_FALSE(deal.booked);
  ASSERT_EQ(deal.issues.size(), 1u);
  EXPECT_EQ(deal.issues[0].message, "the cancellation of deal D waits for its DealBooked");
}

TEST(ResolveDealTest, AVoidedFactIsAsIfItHadNeverBeenStated) {
  DealFacts facts =
      Facts({Booked("100", "2025-01-10"), Cancellation("2025-02-01"), Booked("80", "2025-01-12")});
  DealFact voided;
  voided.kind = DealFact::Kind::kVoid;
  voided.position = 4;
  voided.target = 1;
  facts.facts.push_back(voided);
  EXPECT_EQ(BasesText(ResolveDeal(facts, SplitPolicies()).bases),
            "booked 2025-01-12 80, cancelled 2025-02-01 -80 in full");
}

TEST(ResolveDealTest, ARestatementReplacesAttributesAndAnEmptyTextTakesThemAway) {
  const Deal deal =
      ResolveDeal(Facts({Booked("100", "2025-01-10", R"(,"product":"A","segment":"smb")"),
                         Amended("RESTATE", "2025-01-20", R"("product":"B","segment":"")")}),
                  SplitPolicies());
  std::string scratch;
  EXPECT_EQ(*deal.Attribute("product", &scratch), "B");
  EXPECT_EQ(deal.Attribute("segment", &scratch), nullptr);
  EXPECT_EQ(*deal.Attribute("amount", &scratch), "1.00");
}

// "2025-02-01 40 @2": date, amount and position.
std::string CashText(const std::vector<Cash>& cash) {
  return absl::StrJoin(cash, ", ", [](std::string* out, const Cash& each) {
    absl::StrAppend(out, each.date.ToString(), " ", each.amount, " @", each.position);
  });
}

TEST(ResolveDealTest, InvoicesAndPaymentsStandInOrderOfDateNotBeforeTheBooking) {
  const Deal deal =
      ResolveDeal(Facts({Invoiced("30", "2025-03-01"), Invoiced("40", "2025-02-01"),
                         Booked("100", "2025-01-10"), Invoiced("20", "2025-01-01"),
                         Collected("40", "2025-02-15"), Collected("7", "2025-02-16", "EUR")}),
                  SplitPolicies());
  EXPECT_EQ(CashText(deal.invoiced), "2025-01-10 20 @4, 2025-02-01 40 @2, 2025-03-01 30 @1");
  EXPECT_EQ(CashText(deal.collected), "2025-02-15 40 @5");
  EXPECT_EQ(BasesText(deal.bases), "booked 2025-01-10 100");
  ASSERT_EQ(deal.issues.size(), 1u);
  EXPECT_EQ(deal.issues[0].position, 6u);
  EXPECT_EQ(deal.issues[0].message,
            "the payment of deal D is in EUR, but the deal is in USD; it has no effect: void it "
            "and state it in the deal's currency");
}

std::string Pipeline(const std::string& fields) {
  return absl::StrCat(R"("pipeline_updated":{"deal_id":"D",)", fields, "}");
}

// "2025-04-01 USD 100 × 0.25", "?" for what is not known, or "-" if it is not open.
std::string OpportunityText(const std::vector<std::string>& payloads) {
  const Deal deal = ResolveDeal(Facts(payloads), SplitPolicies());
  if (!deal.opportunity.has_value()) return "-";
  const Opportunity& open = *deal.opportunity;
  const std::string amount =
      open.amount.has_value() ? absl::StrCat(open.currency, " ", *open.amount) : "?";
  return absl::StrCat(open.expected_on.has_value() ? open.expected_on->ToString() : "?", " ",
                      amount, " × ",
                      open.probability.has_value() ? open.probability->ToString() : "unknown");
}

TEST(ResolveDealTest, AnOpportunityIsOpenUntilItIsLostOrBooked) {
  const std::string expected = R"(,"expected_on":"2025-04-01",)" + Amount("100");
  const std::string open = Pipeline(R"("stage":"proposal","probability":"0.25")" + expected);
  const struct {
    const char* rule;
    std::vector<std::string> facts;
    const char* want;
  } kCases[] = {
      {"open", {open}, "2025-04-01 USD 100 × 0.25"},
      {"of unknown probability",
       {Pipeline(R"("stage":"proposal")" + expected)},
       "2025-04-01 USD 100 × unknown"},
      {"the last one holds", {open, Pipeline(R"("stage":"LOST")" + expected)}, "-"},
      {"also after a loss",
       {Pipeline(R"("stage":"LOST")" + expected), open},
       "2025-04-01 USD 100 × 0.25"},
      {"without an amount",
       {Pipeline(R"("stage":"a","expected_on":"2025-04-01")")},
       "2025-04-01 ? × unknown"},
      {"without an expected date",
       {Pipeline(R"("stage":"a",)" + Amount("100"))},
       "? USD 100 × unknown"},
      {"booked", {Booked("90", "2025-03-01"), open}, "-"},
  };
  for (const auto& c : kCases) EXPECT_EQ(OpportunityText(c.facts), c.want) << c.rule;
}

TEST(ResolveDealTest, AnOpportunityHasWhatABookingWouldState) {
  const Deal deal = ResolveDeal(
      Facts({Pipeline(absl::StrCat(
          R"("stage":"proposal","expected_on":"2025-04-01","owner_id":"ben","product":"A",)",
          R"("members":[{"participant_id":"cy","role":"se"}],"attributes":{"stage":"seed"},)",
          Amount("100")))}),
      SplitPolicies());
  ASSERT_TRUE(deal.opportunity.has_value());
  const Opportunity& open = *deal.opportunity;
  EXPECT_EQ(open.position, 1u);
  EXPECT_EQ(open.owner, 1u);
  ASSERT_EQ(open.members.size(), 1u);
  EXPECT_EQ(open.members[0].participant, 2u);
  EXPECT_EQ(absl::StrJoin(open.attributes, ", ",
                          [](std::string* out, const DealAttribute& attribute) {
                            absl::StrAppend(out, attribute.name, " ", attribute.value);
                          }),
            "product A, source crm, stage seed");
}

TEST(CreditsTest, TheirEncodingIsCanonicalAndExact) {
  const Deal deal =
      ResolveDeal(Facts({Booked("100", "2025-01-10"), Amended("ADJUST", "2025-01-20", Amount("70")),
                         Cancellation("2025-02-01")}),
                  SplitPolicies());
  std::vector<Credit> credits;
  for (const auto& [participant, credit] : CreditsOf(7, deal)) credits.push_back(credit);
  ASSERT_EQ(credits.size(), 3u);
  const std::string encoded = EncodeCredits(credits);
  std::swap(credits[0], credits[2]);
  EXPECT_EQ(EncodeCredits(credits), encoded);
  std::swap(credits[0], credits[2]);
  EXPECT_EQ(*DecodeCredits(encoded), credits);
  EXPECT_FALSE(DecodeCredits(encoded.substr(0, encoded.size() - 1)).ok());
}

}  // namespace
}  // namespace payfold
