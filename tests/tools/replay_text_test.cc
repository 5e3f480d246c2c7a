// What people read about a replay.

#include "tools/replay_text.h"

#include <string>

#include "absl/strings/escaping.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace payfold {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

v1::Difference* AddRow(v1::ListDifferencesResponse* list, const std::string& participant,
                       const std::string& currency, int64_t before, int64_t after) {
  v1::Difference* row = list->add_differences();
  row->set_participant_id(participant);
  row->set_period("2025-04");
  row->set_plan_id("ae-2025");
  row->set_component_id("commission");
  row->set_currency(currency);
  row->set_before(before);
  row->set_after(after);
  row->set_difference(after - before);
  return row;
}

v1::Replay Succeeded() {
  v1::Replay replay;
  replay.set_replay_id("april");
  replay.set_state(v1::SUCCEEDED);
  replay.set_started_by("petra");
  replay.set_name("new rates");
  replay.set_position(88);
  replay.set_events(1);
  replay.set_digest(std::string(32, '\x12'));
  replay.set_differences(2);
  replay.set_participants_evaluated(3);
  replay.set_participants_total(9);
  return replay;
}

TEST(ReplayTextTest, SaysWhatItCameToAndWhatToDoNext) {
  v1::Replay replay = Succeeded();
  v1::ReplayTotal* total = replay.add_totals();
  total->set_currency("USD");
  total->set_before_minor_units(100'000);
  total->set_after_minor_units(95'000);
  total->set_difference_minor_units(-5'000);
  total->set_better_off(1);
  total->set_worse_off(1);
  total->set_unchanged(7);
  v1::HistogramBucket* bucket = total->add_histogram();
  bucket->set_from_minor_units(-10'000);
  bucket->set_to_minor_units(0);
  bucket->set_participants(1);
  EXPECT_EQ(ReplayText(replay),
            "replay april is SUCCEEDED: new rates\n"
            "started by petra, 1 hypothetical event on position 88, over all periods and "
            "participants\n"
            "3 of 9 participants were evaluated again: 2 differences, 0 true-ups\n"
            "\n"
            "USD 1,000.00 becomes 950.00: -50.00\n"
            "1 better off, 1 worse off, 7 unchanged\n"
            "  change of earnings  participants\n"
            "     -100.00 to 0.00             1  ########################################\n"
            "\n"
            "digest " +
                absl::BytesToHexString(std::string(32, '\x12')) +
                "\n"
                "look at it with `payfold replay diff april`, make it so with `payfold replay "
                "commit april`\n");
}

TEST(ReplayTextTest, TellsEachStateItsOwnNextStep) {
  v1::Replay replay = Succeeded();
  replay.set_four_eyes(true);
  EXPECT_THAT(ReplayText(replay), HasSubstr("somebody else approves it"));
  replay.set_state(v1::REPLAY_APPROVED);
  replay.set_approved_by("olga");
  EXPECT_THAT(ReplayText(replay), AllOf(HasSubstr("is APPROVED"), HasSubstr("approved by olga"),
                                        HasSubstr("replay commit april")));
  replay.set_state(v1::COMMITTED);
  replay.set_committed_by("petra");
  replay.set_committed_position(90);
  EXPECT_THAT(ReplayText(replay), AllOf(HasSubstr("committed by petra at position 90"),
                                        Not(HasSubstr("replay commit"))));
  v1::Replay failed;
  failed.set_replay_id("april");
  failed.set_state(v1::FAILED);
  failed.set_error("the disk is full");
  EXPECT_THAT(ReplayText(failed),
              AllOf(HasSubstr("it failed: the disk is full"), HasSubstr("--events-of april")));
}

TEST(ReplayTextTest, NamesTheScope) {
  v1::Replay replay = Succeeded();
  replay.mutable_scope()->set_first_period("2025-01");
  replay.mutable_scope()->add_participant_ids("ana");
  replay.mutable_scope()->add_participant_ids("ben");
  EXPECT_THAT(ReplayText(replay), HasSubstr("over from 2025-01 for ana, ben\n"));
}

TEST(ReplayTextTest, DrawsTheLargestMoversOfEachCurrency) {
  v1::ListDifferencesResponse list;
  AddRow(&list, "ana", "USD", 0, 2'000);
  AddRow(&list, "ana", "USD", 0, 2'000);
  AddRow(&list, "ben", "USD", 2'000, 0);
  AddRow(&list, "cem", "USD", 0, 1);
  AddRow(&list, "dan", "USD", 5, 5);
  AddRow(&list, "eva", "EUR", 0, 100);
  EXPECT_EQ(MoversText(list.differences(), 2),
            "largest changes    EUR\n"
            "eva              +1.00  ++++++++++++++++++++++++++++++++++++++++\n"
            "\n"
            "largest changes     USD\n"
            "ana              +40.00  ++++++++++++++++++++++++++++++++++++++++\n"
            "ben              -20.00  --------------------\n"
            "\n");
}

TEST(ReplayTextTest, DrawsNothingWhereNothingMoves) {
  v1::ListDifferencesResponse list;
  AddRow(&list, "ana", "USD", 5, 5);
  EXPECT_THAT(MoversText(list.differences(), 10), IsEmpty());
}

TEST(ReplayTextTest, RowsHaveSignsForPeopleAndNoneForPrograms) {
  v1::ListDifferencesResponse list;
  AddRow(&list, "ana", "USD", 100'000, 234'500);
  v1::Difference* points = AddRow(&list, "ana", "", 3, 1);
  points->mutable_reward()->set_kind(v1::RewardUnits::POINTS);
  EXPECT_EQ(DifferenceTable(list.differences(), OutputFormat::kTable).ToText(),
            "participant  period   plan     component   unit      before     after  difference\n"
            "ana          2025-04  ae-2025  commission  USD     1,000.00  2,345.00   +1,345.00\n"
            "ana          2025-04  ae-2025  commission  POINTS         3         1          -2\n");
  EXPECT_THAT(DifferenceTable(list.differences(), OutputFormat::kCsv).ToCsv(),
              HasSubstr("ana,2025-04,ae-2025,commission,USD,1000.00,2345.00,1345.00\r\n"));
}

TEST(ReplayTextTest, LinesShowBothSidesAndSayWhereOneIsMissing) {
  v1::ListDifferencesResponse list;
  v1::Difference* row = AddRow(&list, "ana", "USD", 0, 5'000);
  v1::LineDifference* line = row->add_lines();
  line->set_line_id("ana/ae-2025/commission/2025-04/rate/2025-04");
  line->mutable_after()->mutable_amount()->set_minor_units(5'000);
  line->mutable_after()->mutable_explanation()->set_sentence("10% × 500.00 = 50.00");
  EXPECT_EQ(LinesText(*row),
            "ana 2025-04 ae-2025/commission: +50.00 USD\n"
            "  ana/ae-2025/commission/2025-04/rate/2025-04\n"
            "    before  no such line\n"
            "    after   50.00: 10% × 500.00 = 50.00\n");
}

}  // namespace
}  // namespace payfold
