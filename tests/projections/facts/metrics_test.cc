#include "projections/facts/metrics.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gtest/gtest.h"
#include "ledger/admission/event_json.h"
#include "projections/facts/memory_tables.h"
#include "projections/facts/metric_changes.h"

namespace payfold {
namespace {

// The fact of a MetricRecorded of "ana", whose fields are given as JSON.
absl::StatusOr<MetricFact> Read(const std::string& fields, const std::string& source = "crm") {
  absl::StatusOr<v1::Event> event = EventFromJson(absl::StrCat(
      R"({"source":")", source, R"(","metric_recorded":{"metric":"calls","participant_id":"ana",)",
      fields, "}}"));
  EXPECT_TRUE(event.ok()) << event.status();
  return MetricFactOf(*event);
}

MetricFact Call(uint64_t position, const std::string& day, const std::string& value) {
  MetricFact metric =
      *Read(absl::StrCat(R"("value":")", value, R"(","occurred_on":")", day, R"(")"));
  metric.position = position;
  return metric;
}

std::string ToText(const std::vector<MetricFact>& metrics) {
  return absl::StrJoin(metrics, ", ", [](std::string* out, const MetricFact& metric) {
    absl::StrAppend(out, metric.date.ToString(), " ", metric.value.ToString(), " @",
                    metric.position);
    if (metric.voided_at != 0) absl::StrAppend(out, " until @", metric.voided_at);
  });
}

TEST(MetricsTest, HoldTheStatedDimensionsAndTheSourceOfTheEvent) {
  const struct {
    const char* rule;
    const char* dimensions;
    std::vector<std::pair<std::string, std::string>> want;
  } kCases[] = {
      {"the source is one", "{}", {{"source", "crm"}}},
      {"in order of name", R"({"z":"1","a":"2"})", {{"a", "2"}, {"source", "crm"}, {"z", "1"}}},
      {"an empty text is missing", R"({"a":""})", {{"source", "crm"}}},
      {"the source is not a source's to state", R"({"source":"me"})", {{"source", "crm"}}},
  };
  for (const auto& c : kCases) {
    const auto metric =
        Read(absl::StrCat(R"("value":"1","occurred_on":"2025-01-31","dimensions":)", c.dimensions));
    ASSERT_TRUE(metric.ok()) << metric.status();
    EXPECT_EQ(metric->dimensions, c.want) << c.rule;
  }
  const MetricFact metric =
      *Read(R"("value":"1","occurred_on":"2025-01-31","dimensions":{"region":"emea"})");
  EXPECT_EQ(*metric.Dimension("region"), "emea");
  EXPECT_EQ(metric.Dimension("segment"), nullptr);
}

TEST(MetricsTest, AValueOrADateThatAdmissionRefusesIsDamage) {
  EXPECT_TRUE(absl::IsDataLoss(Read(R"("value":"many","occurred_on":"2025-01-31")").status()));
  EXPECT_TRUE(absl::IsDataLoss(Read(R"("value":"1","occurred_on":"2025-02-30")").status()));
}

TEST(MetricsTest, TheCompanyIsASubjectOfItsOwn) {
  const Numbering numbers = [](absl::string_view id) { return id == "ana" ? 0u : kNobody; };
  EXPECT_EQ(MetricParticipant("*", numbers), kEverybody);
  EXPECT_EQ(MetricParticipant("ana", numbers), 0u);
  EXPECT_NE(kEverybody, kNobody);
}

TEST(MetricsTest, TheirEncodingIsCanonicalAndExact) {
  std::vector<MetricFact> metrics = {
      Call(7, "2025-01-02", "-0.000000001"), Call(3, "2025-01-02", "12"),
      Call(9, "1900-01-01", "999999999999999999.999999999"), Call(4, "9999-12-31", "-12.5")};
  const std::string encoded = EncodeMetrics(metrics);
  std::swap(metrics[0], metrics[3]);
  EXPECT_EQ(EncodeMetrics(metrics), encoded);
  std::sort(metrics.begin(), metrics.end());
  const auto decoded = DecodeMetrics(encoded);
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  EXPECT_EQ(*decoded, metrics);
  EXPECT_EQ(ToText(*decoded),
            "1900-01-01 999999999999999999.999999999 @9, 2025-01-02 12 @3, "
            "2025-01-02 -0.000000001 @7, 9999-12-31 -12.5 @4");
  EXPECT_TRUE(absl::IsDataLoss(DecodeMetrics(encoded.substr(0, encoded.size() - 1)).status()));
}

TEST(MetricChangesTest, WriteWhatWasRecordedAndSinceWhenItIsVoided) {
  const MetricSubject calls{"calls", 0};
  MemoryTables tables;
  MetricChanges changes;
  int64_t january = 0, february = 0;
  std::string days;  // and where they came and went
  const auto count = [&](uint64_t position, Date day, int64_t change) {
    absl::StrAppend(&days, position, change > 0 ? "+ " : "- ");
    (day.month() == 1 ? january : february) += change;
    return absl::OkStatus();
  };
  const auto kept = [&] {
    EXPECT_TRUE(changes.Write(&tables, count).ok());
    std::vector<MetricFact> metrics;
    EXPECT_TRUE(tables.ReadMetrics(calls, 0, 12 * 10'000, &metrics).ok());
    return ToText(metrics);
  };
  changes.Add(calls, Call(1, "2025-02-01", "5"));
  changes.Add(calls, Call(2, "2025-01-31", "7"));
  changes.Add({"calls", kEverybody}, Call(3, "2025-01-31", "100"));
  changes.Add({"demos", 0}, Call(4, "2025-01-31", "100"));
  EXPECT_EQ(kept(), "2025-01-31 7 @2, 2025-02-01 5 @1");
  changes.Add(calls, Call(5, "2025-01-31", "8"));
  changes.Add(calls, Call(6, "2025-01-31", "9"));
  changes.Void(calls, 1, 7);
  changes.Void(calls, 6, 8);
  const char* const want =
      "2025-01-31 7 @2, 2025-01-31 8 @5, 2025-01-31 9 @6 until @8, 2025-02-01 5 @1 until @7";
  EXPECT_EQ(kept(), want);
  changes.Void(calls, 1, 9);
  EXPECT_EQ(kept(), want) << "voided a second time";
  EXPECT_EQ(january, 4);
  EXPECT_EQ(february, 0);
  EXPECT_EQ(days, "1+ 2+ 3+ 4+ 7- 5+ 6+ 8- ");
}

}  // namespace
}  // namespace payfold
