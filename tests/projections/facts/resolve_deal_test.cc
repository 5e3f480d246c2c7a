#include "projections/facts/resolve_deal.h"

#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gtest/gtest.h"
#include "ledger/admission/event_json.h"
#include "projections/facts/credits.h"

namespace payfold {
namespace {

// Facts of deal D, one JSON payload a line, in the order of their stream.
DealFacts Facts(const std::vector<std::string>& payloads) {
  DealFacts facts;
  facts.deal_id = "D";
  uint64_t position = 0;
  static const std::map<std::string, uint32_t>* const people =
      new std::map<std::string, uint32_t>{{"ana", 0}, {"ben", 1}, {"cy", 2}};
  for (const std::string& payload : payloads) {
    absl::StatusOr<v1::Event> event = EventFromJson(absl::StrCat("{", payload, "}"));
    EXPECT_TRUE(event.ok()) << event.status();
    event->set_position(++position);
    absl::StatusOr<DealFact> fact =
        DealFactOf(*event, [](absl::string_view id) { return people->at(std::string(id)); });
    EXPECT_TRUE(fact.ok()) << fact.status();
    facts.facts.push_back(*fact);
  }
  // What is stored must say the same as what came in.
  std::string encoded;
  AppendDealId(facts.deal_id, &encoded);
  for (const DealFact& fact : facts.facts) AppendDealFact(fact, &encoded);
  absl::StatusOr<DealFacts> decoded = DecodeDealFacts(encoded);
  EXPECT_TRUE(decoded.ok()) << decoded.status();
  return *decoded;
}

std::string Booked(const std::string& amount, const std::string& date,
                   const std::string& rest = "") {
  return absl::StrCat(R"("deal_booked":{"deal_id":"D","amount":{"currency":"USD","minor_units":)",
                      amount, R"(},"booked_on":")", date, R"(","owner_id":"ana")", rest, "}");
}

std::string Amended(const std::string& mode, const std::string& date, const std::string& rest) {
  return absl::StrCat(R"("deal_amended":{"deal_id":"D","mode":")", mode, R"(","amended_on":")",
                      date, R"(",)", rest, "}");
}

std::string Amount(const std::string& minor_units, const std::string& currency = "USD") {
  return absl::StrCat(R"("amount":{"currency":")", currency, R"(","minor_units":)", minor_units,
                      "}");
}

std::string Cancelled(const std::string& date, const std::string& rest = "") {
  return absl::StrCat(R"("deal_cancelled":{"deal_id":"D","cancelled_on":")", date, R"(")", rest,
                      "}");
}

// "booked 2025-01-10 100, cancelled 2025-02-01 -100 in full".
std::string BasesText(const Deal& deal) {
  return absl::StrJoin(deal.bases, ", ", [](std::string* out, const Base& base) {
    const char* const kinds[] = {"booked", "adjusted", "cancelled"};
    absl::StrAppend(out, kinds[static_cast<int>(base.kind)], " ", base.date.ToString(), " ",
                    base.change, base.in_full ? " in full" : "");
  });
}

// "ana 70|-49": the parts of each share for each base.
std::string CreditsText(const Deal& deal) {
  const absl::StatusOr<std::vector<BaseCredits>> bases =
      CreditBases(deal, nullptr, Rounding::kHalfUp);
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
       {Booked("100", "2025-01-10"), Cancelled("2025-01-01", "," + Amount("30"))},
       "booked 2025-01-10 100, cancelled 2025-01-10 -30"},
      {"a cancellation without amount takes all that is left",
       {Booked("100", "2025-01-10"), Cancelled("2025-02-01", "," + Amount("30")),
        Cancelled("2025-03-01")},
       "booked 2025-01-10 100, cancelled 2025-02-01 -30, cancelled 2025-03-01 -70 in full"},
      {"more than is left cancels what is left, in full",
       {Booked("100", "2025-01-10"), Cancelled("2025-02-01", "," + Amount("101"))},
       "booked 2025-01-10 100, cancelled 2025-02-01 -100 in full"},
      {"one unit less is not in full",
       {Booked("100", "2025-01-10"), Cancelled("2025-02-01", "," + Amount("99"))},
       "booked 2025-01-10 100, cancelled 2025-02-01 -99"},
      {"another currency has no effect",
       {Booked("100", "2025-01-10"), Amended("ADJUST", "2025-02-01", Amount("50", "EUR")),
        Cancelled("2025-03-01", "," + Amount("50", "EUR"))},
       "booked 2025-01-10 100"},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(BasesText(ResolveDeal(Facts(c.facts), SplitPolicies())), c.want) << c.rule;
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
       {Booked("100", "2025-01-10"), thirds, Cancelled("2025-02-01", "," + Amount("50"))},
       "ana 33|-16, ben 33|-17, cy 34|-17"},
      {"a cancellation in full takes back exactly what was credited",
       {Booked("100", "2025-01-10"), thirds, Cancelled("2025-02-01", "," + Amount("1")),
        Cancelled("2025-03-01")},
       "ana 33|0|-33, ben 33|0|-33, cy 34|-1|-33"},
      {"an overlay adds round(total × share)",
       {Booked("10", "2025-01-10"), overlay, Cancelled("2025-02-01", "," + Amount("3"))},
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
  const Deal deal = ResolveDeal(Facts({Cancelled("2025-02-01")}), SplitPolicies());
  EXPECT_FALSE(deal.booked);
  ASSERT_EQ(deal.issues.size(), 1u);
  EXPECT_EQ(deal.issues[0].message, "the cancellation of deal D waits for its DealBooked");
}

TEST(ResolveDealTest, AVoidedFactIsAsIfItHadNeverBeenStated) {
  DealFacts facts =
      Facts({Booked("100", "2025-01-10"), Cancelled("2025-02-01"), Booked("80", "2025-01-12")});
  DealFact voided;
  voided.kind = DealFact::Kind::kVoid;
  voided.position = 4;
  voided.target = 1;
  facts.facts.push_back(voided);
  EXPECT_EQ(BasesText(ResolveDeal(facts, SplitPolicies())),
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

TEST(CreditsTest, TheirEncodingIsCanonicalAndExact) {
  const Deal deal =
      ResolveDeal(Facts({Booked("100", "2025-01-10"), Amended("ADJUST", "2025-01-20", Amount("70")),
                         Cancelled("2025-02-01")}),
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
