#include "ledger/admission/stream_name.h"

#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "payfold/v1/event.pb.h"
#include "tests/ledger/admission/admission_testing.h"

namespace payfold {
namespace {

using ::payfold_testing::EventsOfEveryKind;
using ::payfold_testing::Fact;
using ::payfold_testing::Voiding;

// One line for each kind: its stream, and whom it names.
TEST(StreamNameTest, EveryKindHasItsStreamAndParticipants) {
  std::vector<std::string> lines;
  for (const v1::Event& event : EventsOfEveryKind()) {
    lines.push_back(absl::StrCat(KindName(event), ": ", StreamName(event), " [",
                                 absl::StrJoin(ParticipantsOf(event), " "), "]"));
  }
  EXPECT_THAT(lines,
              testing::ElementsAre("ledger_configured: ledger []",                                //
                                   "participant_changed: participants/ana [ana eve]",             //
                                   "deal_booked: deals/D-1 [ana bob]",                            //
                                   "deal_amended: deals/D-1 [ana bob]",                           //
                                   "deal_invoiced: deals/D-1 []",                                 //
                                   "payment_collected: deals/D-1 []",                             //
                                   "deal_cancelled: deals/D-1 []",                                //
                                   "pipeline_updated: deals/D-2 [ana bob]",                       //
                                   "credit_split: deals/D-1 [ana bob eve]",                       //
                                   "split_policy_set: splits []",                                 //
                                   "metric_recorded: metrics/calls/ana [ana]",                    //
                                   "quota_set: quotas/bookings/Team%20N%C3%B6rd%2F1/2025-Q1 []",  //
                                   "fx_rate_set: rates/EUR/USD []",                               //
                                   "plan_published: plans/ae-2025 []",                            //
                                   "plan_retired: plans/ae-2025 []",                              //
                                   "plan_assigned: plans/ae-2025 [ana]",                          //
                                   "goal_chosen: participants/ana [ana]",                         //
                                   "opening_balance: participants/ana [ana]",                     //
                                   "adjustment_posted: participants/ana [ana]",                   //
                                   "statement_posted: periods/2025-03 [ana]",                     //
                                   "period_closed: periods/2025-03 []",                           //
                                   "period_approved: periods/2025-03 []",                         //
                                   "payment_recorded: periods/2025-03 [ana]",                     //
                                   "fact_voided: voids/some-event []",                            //
                                   "dispute_opened: participants/ana [ana]",                      //
                                   "dispute_resolved: participants/ana [ana]",                    //
                                   "replay_approved: replays/R-1 []",                             //
                                   "replay_committed: replays/R-1 []",                            //
                                   "participant_erased: participants/ana [ana]"));
}

TEST(StreamNameTest, EveryPayloadOfTheProtoHasAnExample) {
  EXPECT_EQ(static_cast<int>(EventsOfEveryKind().size()),
            v1::Event::descriptor()->FindOneofByName("payload")->field_count());
}

TEST(StreamNameTest, SubjectsOfQuotasStayApart) {
  std::set<std::string> streams;
  const std::vector<std::string> subjects = {"*", "%2A", "a/b", "a%2Fb", "a b", "ab", "a", "A"};
  for (const std::string& subject : subjects) {
    v1::Event event;
    event.mutable_quota_set()->set_metric("m");
    event.mutable_quota_set()->set_subject(subject);
    event.mutable_quota_set()->set_period("2025");
    streams.insert(StreamName(event));
  }
  EXPECT_EQ(streams.size(), subjects.size());
  EXPECT_EQ(streams.count("quotas/m/*/2025"), 1u);
}

TEST(StreamNameTest, TheCompanyIsNoParticipant) {
  const v1::Event event =
      Fact("e", R"("metric_recorded": {"metric": "nps", "participant_id": "*", "value": "9"})");
  EXPECT_EQ(StreamName(event), "metrics/nps/*");
  EXPECT_TRUE(ParticipantsOf(event).empty());
}

TEST(StreamNameTest, AReasonIsSealedForThePersonItMayName) {
  const v1::Event voided = Voiding("v", "e");
  EXPECT_EQ(KeySubject(voided, "participants/ana"), "ana");
  EXPECT_EQ(KeySubject(voided, "metrics/calls/ana"), "ana");
  EXPECT_EQ(KeySubject(voided, "metrics/calls/*"), "metrics/calls/*");
  EXPECT_EQ(KeySubject(voided, "quotas/bookings/ana/2025-Q1"), "ana");
  EXPECT_EQ(KeySubject(voided, "deals/D-1"), "deals/D-1");
  EXPECT_EQ(KeySubject(voided, "voids/e"), "voids/e");
  EXPECT_EQ(KeySubject(Fact("e", R"("deal_cancelled": {"deal_id": "D-1"})"), "deals/D-1"),
            "deals/D-1");
}

TEST(StreamNameTest, KindsHaveNamesAndNumbers) {
  EXPECT_EQ(KindName(22), "deal_booked");
  EXPECT_EQ(KindByName("deal_booked"), 22u);
  EXPECT_EQ(KindName(4), "");  // event_id is no payload.
  EXPECT_EQ(KindName(63), "");
  EXPECT_EQ(KindByName("event_id"), 0u);
}

}  // namespace
}  // namespace payfold
