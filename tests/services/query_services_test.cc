#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ledger/base/sha256.h"
#include "ledger/log/proof_verifier.h"
#include "ledger/log/tree_head.h"
#include "services/errors.h"
#include "tests/services/service_harness.h"
#include "tests/support/status_matchers.h"

namespace payfold {
namespace {

using ::payfold_testing::Ana;
using ::payfold_testing::DealOfAna;
using ::payfold_testing::EventOf;
using ::payfold_testing::IsOk;
using ::payfold_testing::kPlanDocument;
using ::payfold_testing::ServiceHarness;
using ::payfold_testing::StatusIs;
using ::testing::HasSubstr;
using ::testing::StartsWith;

// ana on the plan, and three deals of 1,000.00 in January: 300.00 earned.
class QueryServicesTest : public testing::Test {
 protected:
  QueryServicesTest() {
    harness_.MakeLedger();
    harness_.MustAppend({Ana()});
    published_ = *Publish(kPlanDocument);
    harness_.clock.Advance(absl::Hours(24));
    last_ = harness_.MustAppend({DealOfAna("D-1"), DealOfAna("D-2"), DealOfAna("D-3")});
  }

  absl::StatusOr<v1::PublishPlanResponse> Publish(const std::string& document,
                                                  bool validate_only = false) {
    v1::PublishPlanRequest request;
    request.set_document(document);
    request.set_validate_only(validate_only);
    return harness_.Call(*harness_.plans, &v1::PlanService::Stub::PublishPlan, request);
  }

  v1::QueryContext Now() const {
    v1::QueryContext context;
    context.set_min_position(last_);
    return context;
  }

  absl::StatusOr<v1::GetStatementResponse> Statement(const v1::QueryContext& context,
                                                     const std::string& participant = "ana",
                                                     const std::string& period = "2025-01") {
    v1::GetStatementRequest request;
    *request.mutable_context() = context;
    request.set_participant_id(participant);
    request.set_period(period);
    return harness_.Call(*harness_.payouts, &v1::PayoutService::Stub::GetStatement, request);
  }

  int64_t Payable(const v1::QueryContext& context) {
    const auto response = Statement(context);
    EXPECT_THAT(response, IsOk());
    return response.ok() ? response->statements(0).payable_minor_units() : -1;
  }

  ServiceHarness harness_;
  v1::PublishPlanResponse published_;
  uint64_t last_ = 0;
};

TEST_F(QueryServicesTest, AStatementNamesItsPersonItsPositionAndItsSum) {
  const auto response = Statement(Now());
  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(response->display_name(), "Ana Example");
  EXPECT_EQ(response->at().position(), last_);
  ASSERT_EQ(response->statements_size(), 1);
  EXPECT_EQ(response->statements(0).payable_minor_units(), 30'000);
}

TEST_F(QueryServicesTest, AnErasedPersonIsNotNamedAndKeepsTheMoney) {
  last_ = harness_.MustAppend({EventOf(R"(event_id: "gone" source: "hris"
      participant_erased { participant_id: "ana" reason: "asked for" })")});
  const auto response = Statement(Now());
  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(response->display_name(), "");
  EXPECT_EQ(response->statements(0).payable_minor_units(), 30'000);
}

TEST_F(QueryServicesTest, AsOfAPositionKnowsWhatWasKnownThen) {
  v1::QueryContext then;
  then.mutable_as_of()->set_position(last_ - 1);
  EXPECT_EQ(Payable(then), 20'000);
  EXPECT_EQ(Payable(Now()), 30'000);
}

TEST_F(QueryServicesTest, AsOfATimeIsTheLastPositionNotAfterIt) {
  v1::QueryContext then;
  const absl::Time before = harness_.clock.Now() - absl::Hours(1);
  then.mutable_as_of()->mutable_recorded_at()->set_seconds(absl::ToUnixSeconds(before));
  const auto response = Statement(then);
  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(response->at().position(), published_.position());
}

TEST_F(QueryServicesTest, PlansAsOfHoldsTheKnowledgeOfPlansApart) {
  v1::QueryContext context = Now();
  context.mutable_plans_as_of()->set_position(published_.position() - 1);
  const auto response = Statement(context);
  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(response->at().position(), last_);
  EXPECT_EQ(response->at().plans_position(), published_.position() - 1);
  EXPECT_EQ(response->statements(0).payable_minor_units(), 0);
}

TEST_F(QueryServicesTest, AMomentThatHasNotComeIsOutOfRange) {
  v1::QueryContext position;
  position.mutable_as_of()->set_position(last_ + 1);
  v1::QueryContext time;
  time.mutable_as_of()->mutable_recorded_at()->set_seconds(
      absl::ToUnixSeconds(harness_.clock.Now()) + 60);
  v1::QueryContext plans = Now();
  plans.mutable_plans_as_of()->set_position(last_ + 1);
  for (const v1::QueryContext& context : {position, time, plans}) {
    const auto response = Statement(context);
    EXPECT_THAT(response, StatusIs(absl::StatusCode::kOutOfRange)) << context.DebugString();
    EXPECT_EQ(ReasonOf(response.status()), kReasonAsOfBeyondEnd);
  }
}

TEST_F(QueryServicesTest, AnEmptyMomentIsRefused) {
  v1::QueryContext context;
  context.mutable_as_of();
  EXPECT_THAT(Statement(context),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("context.as_of")));
}

TEST_F(QueryServicesTest, WaitingForAPositionEndsWithTheDeadline) {
  v1::GetStatementRequest request;
  request.mutable_context()->set_min_position(last_ + 1);
  request.set_participant_id("ana");
  request.set_period("2025-01");
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(200));
  v1::GetStatementResponse response;
  EXPECT_EQ(harness_.payouts->GetStatement(&context, request, &response).error_code(),
            grpc::StatusCode::DEADLINE_EXCEEDED);
}

TEST_F(QueryServicesTest, UnknownLedgersPeopleAndPeriodsAreNamed) {
  v1::QueryContext elsewhere;
  elsewhere.set_ledger("elsewhere");
  EXPECT_EQ(ReasonOf(Statement(elsewhere).status()), kReasonLedgerNotFound);
  EXPECT_THAT(Statement(Now(), "nobody"),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("nobody")));
  EXPECT_THAT(Statement(Now(), "ana", "2025-13"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("2025-13")));
}

TEST_F(QueryServicesTest, PagesOfOneWalkAgreeWhateverArrivesMeanwhile) {
  v1::ListLinesRequest request;
  *request.mutable_context() = Now();
  const auto whole = harness_.Call(*harness_.payouts, &v1::PayoutService::Stub::ListLines, request);
  ASSERT_THAT(whole, IsOk());
  request.set_page_size(1);
  v1::ListLinesResponse walked;
  int pages = 0;
  do {
    const auto page =
        harness_.Call(*harness_.payouts, &v1::PayoutService::Stub::ListLines, request);
    ASSERT_THAT(page, IsOk());
    EXPECT_EQ(page->at().position(), whole->at().position());
    walked.mutable_lines()->MergeFrom(page->lines());
    request.set_page_token(page->next_page_token());
    harness_.MustAppend({DealOfAna(absl::StrCat("late-", ++pages))});
  } while (!request.page_token().empty());
  ASSERT_EQ(walked.lines_size(), whole->lines_size());
  for (int i = 0; i < walked.lines_size(); ++i) {
    EXPECT_EQ(walked.lines(i).SerializeAsString(), whole->lines(i).SerializeAsString());
  }
}

TEST_F(QueryServicesTest, ForeignTokensAndPageSizesAreRefused) {
  v1::ListLinesRequest request;
  *request.mutable_context() = Now();
  request.set_page_token("made-up");
  EXPECT_THAT(harness_.Call(*harness_.payouts, &v1::PayoutService::Stub::ListLines, request),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("page_token")));
  request.clear_page_token();
  request.set_page_size(1'001);
  EXPECT_THAT(harness_.Call(*harness_.payouts, &v1::PayoutService::Stub::ListLines, request),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("page_size")));
}

TEST_F(QueryServicesTest, EveryLineExplainsItself) {
  v1::ListLinesRequest list;
  *list.mutable_context() = Now();
  const auto lines = harness_.Call(*harness_.payouts, &v1::PayoutService::Stub::ListLines, list);
  ASSERT_THAT(lines, IsOk());
  ASSERT_GT(lines->lines_size(), 0);
  for (const v1::Line& line : lines->lines()) {
    v1::ExplainLineRequest request;
    *request.mutable_context() = Now();
    request.set_line_id(line.line_id());
    const auto why =
        harness_.Call(*harness_.payouts, &v1::PayoutService::Stub::ExplainLine, request);
    ASSERT_THAT(why, IsOk()) << line.line_id();
    EXPECT_EQ(why->line().amount().minor_units(), line.amount().minor_units());
    EXPECT_NE(why->line().explanation().sentence(), "");
  }
}

TEST_F(QueryServicesTest, OtherQuestionsSayTheirPositionToo) {
  v1::ListBalancesRequest balances;
  *balances.mutable_context() = Now();
  const auto owed =
      harness_.Call(*harness_.payouts, &v1::PayoutService::Stub::ListBalances, balances);
  ASSERT_THAT(owed, IsOk());
  EXPECT_EQ(owed->at().position(), last_);
  ASSERT_EQ(owed->balances_size(), 1);
  EXPECT_EQ(owed->balances(0).payable_minor_units(), 30'000);

  v1::GetLeaderboardRequest board;
  *board.mutable_context() = Now();
  board.set_period("2025-Q1");
  const auto ranks =
      harness_.Call(*harness_.payouts, &v1::PayoutService::Stub::GetLeaderboard, board);
  ASSERT_THAT(ranks, IsOk());
  EXPECT_EQ(ranks->at().position(), last_);
  ASSERT_EQ(ranks->rows_size(), 1);
  EXPECT_EQ(ranks->rows(0).display_name(), "Ana Example");
  EXPECT_EQ(ranks->rows(0).credited_minor_units(), 300'000);

  v1::ExplainDealRequest deal;
  *deal.mutable_context() = Now();
  deal.set_deal_id("D-1");
  deal.set_participant_id("ana");
  const auto why = harness_.Call(*harness_.payouts, &v1::PayoutService::Stub::ExplainDeal, deal);
  ASSERT_THAT(why, IsOk());
  EXPECT_EQ(why->at().position(), last_);
  ASSERT_EQ(why->components_size(), 1);
  EXPECT_TRUE(why->components(0).counted());

  v1::ListAttainmentsRequest attainments;
  *attainments.mutable_context() = Now();
  attainments.set_period("2025-01");
  EXPECT_THAT(
      harness_.Call(*harness_.payouts, &v1::PayoutService::Stub::ListAttainments, attainments),
      IsOk());
  v1::ListExceptionsRequest exceptions;
  *exceptions.mutable_context() = Now();
  EXPECT_THAT(
      harness_.Call(*harness_.ledgers, &v1::LedgerService::Stub::ListExceptions, exceptions),
      IsOk());
}

TEST_F(QueryServicesTest, TheSameDocumentIsPublishedOnce) {
  const auto again = Publish(kPlanDocument);
  ASSERT_THAT(again, IsOk());
  EXPECT_TRUE(again->duplicate());
  EXPECT_EQ(again->position(), published_.position());
  EXPECT_EQ(again->version(), 1U);
  v1::GetEventRequest request;
  request.set_position(published_.position());
  const auto event = harness_.Call(*harness_.ledgers, &v1::LedgerService::Stub::GetEvent, request);
  ASSERT_THAT(event, IsOk());
  EXPECT_THAT(event->event().event().event_id(), StartsWith("plan:ae:"));
}

TEST_F(QueryServicesTest, AnotherDocumentIsTheNextVersion) {
  const std::string raised = absl::StrCat(kPlanDocument, "rounding: HALF_EVEN\n");
  const auto imagined = Publish(raised, /*validate_only=*/true);
  ASSERT_THAT(imagined, IsOk());
  EXPECT_EQ(imagined->version(), 2U);
  EXPECT_EQ(imagined->position(), 0U);
  const auto second = Publish(raised);
  ASSERT_THAT(second, IsOk());
  EXPECT_EQ(second->version(), 2U);
  v1::GetPlanRequest request;
  request.mutable_context()->set_min_position(second->position());
  request.set_plan_id("ae");
  const auto last = harness_.Call(*harness_.plans, &v1::PlanService::Stub::GetPlan, request);
  ASSERT_THAT(last, IsOk());
  EXPECT_EQ(last->version().version(), 2U);
  EXPECT_NE(last->prose(), "");
  request.set_version(3);
  EXPECT_THAT(harness_.Call(*harness_.plans, &v1::PlanService::Stub::GetPlan, request),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("no version 3")));
}

TEST_F(QueryServicesTest, APlanWithMistakesIsRefusedWithTheirPlaces) {
  const auto refused = Publish("plan_id: x\ncurrency: USX\n");
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_EQ(ReasonOf(refused.status()), kReasonPlanRefused);
  const std::vector<FieldViolation> violations = FieldViolationsOf(refused.status());
  ASSERT_FALSE(violations.empty());
  v1::CheckPlanRequest request;
  request.set_document("plan_id: x\ncurrency: USX\n");
  const auto checked = harness_.Call(*harness_.plans, &v1::PlanService::Stub::CheckPlan, request);
  ASSERT_THAT(checked, IsOk());
  EXPECT_EQ(static_cast<size_t>(checked->diagnostics_size()), violations.size());
  EXPECT_FALSE(checked->has_plan());
}

TEST_F(QueryServicesTest, ProofsVerifyForAStranger) {
  const auto head = harness_.Call(*harness_.proofs, &v1::ProofService::Stub::GetTreeHead,
                                  v1::GetTreeHeadRequest());
  ASSERT_THAT(head, IsOk());
  const absl::StatusOr<TreeHead> verified = VerifyTreeHead(head->note(), head->verifier_key());
  ASSERT_THAT(verified, IsOk());
  EXPECT_EQ(verified->size, last_);

  v1::GetInclusionProofRequest request;
  request.set_position(3);
  const auto proof =
      harness_.Call(*harness_.proofs, &v1::ProofService::Stub::GetInclusionProof, request);
  ASSERT_THAT(proof, IsOk());
  std::vector<Sha256Digest> hashes;
  for (const std::string& hash : proof->hashes()) hashes.push_back(*DigestFromBytes(hash));
  EXPECT_THAT(VerifyInclusion(2, proof->tree_size(), *DigestFromBytes(proof->leaf_hash()), hashes,
                              verified->root),
              IsOk());

  v1::GetConsistencyProofRequest grown;
  grown.set_old_size(2);
  const auto consistency =
      harness_.Call(*harness_.proofs, &v1::ProofService::Stub::GetConsistencyProof, grown);
  ASSERT_THAT(consistency, IsOk());
  hashes.clear();
  for (const std::string& hash : consistency->hashes()) hashes.push_back(*DigestFromBytes(hash));
  EXPECT_THAT(VerifyConsistency(2, last_, *DigestFromBytes(consistency->old_root()), verified->root,
                                hashes),
              IsOk());
}

TEST_F(QueryServicesTest, PagesOfEveryListAgreeWhateverArrivesMeanwhile) {
  harness_.MustAppend({EventOf(R"(event_id: "hr-ben" source: "hris"
      participant_changed { participant_id: "ben" effective_from: "2025-01-01" status: ACTIVE })")});
  v1::ListBalancesRequest request;
  request.mutable_context()->set_min_position(last_ + 1);
  request.set_page_size(1);
  const auto first =
      harness_.Call(*harness_.payouts, &v1::PayoutService::Stub::ListBalances, request);
  ASSERT_THAT(first, IsOk());
  ASSERT_EQ(first->balances_size(), 1);
  EXPECT_EQ(first->balances(0).participant_id(), "ana");
  harness_.MustAppend({EventOf(R"(event_id: "hr-amy" source: "hris"
      participant_changed { participant_id: "amy" effective_from: "2025-01-01" status: ACTIVE })")});
  request.set_page_token(first->next_page_token());
  const auto second =
      harness_.Call(*harness_.payouts, &v1::PayoutService::Stub::ListBalances, request);
  ASSERT_THAT(second, IsOk());
  EXPECT_EQ(second->at().position(), first->at().position());
  ASSERT_EQ(second->balances_size(), 1);
  EXPECT_EQ(second->balances(0).participant_id(), "ben");
  EXPECT_EQ(second->next_page_token(), "");
}

TEST_F(QueryServicesTest, APageTokenOfAnotherQueryIsRefused) {
  v1::ListLinesRequest lines;
  *lines.mutable_context() = Now();
  lines.set_page_size(1);
  const auto page = harness_.Call(*harness_.payouts, &v1::PayoutService::Stub::ListLines, lines);
  // ana's three deals are one line.
  ASSERT_THAT(page, IsOk());
  v1::ListExceptionsRequest exceptions;
  exceptions.set_page_token("bm90IGEgdG9rZW4");
  EXPECT_EQ(
      ReasonOf(
          harness_.Call(*harness_.ledgers, &v1::LedgerService::Stub::ListExceptions, exceptions)
              .status()),
      kReasonPageToken);
  v1::ListBalancesRequest balances;
  balances.set_page_size(1'001);
  EXPECT_EQ(
      ReasonOf(harness_.Call(*harness_.payouts, &v1::PayoutService::Stub::ListBalances, balances)
                   .status()),
      kReasonPageSize);
}

TEST_F(QueryServicesTest, StatementsOfAPeriodAreOfThoseWhoEarnedInIt) {
  harness_.MustAppend({EventOf(R"(event_id: "hr-ben" source: "hris"
      participant_changed { participant_id: "ben" effective_from: "2025-01-01" status: ACTIVE })")});
  v1::ListStatementsRequest request;
  *request.mutable_context() = Now();
  request.set_period("2025-01");
  const auto response =
      harness_.Call(*harness_.payouts, &v1::PayoutService::Stub::ListStatements, request);
  ASSERT_THAT(response, IsOk());
  ASSERT_EQ(response->statements_size(), 1);
  EXPECT_EQ(response->statements(0).participant_id(), "ana");
  EXPECT_EQ(response->statements(0).payable_minor_units(), 30'000);
}

TEST_F(QueryServicesTest, ABalanceIsThatOfTheList) {
  v1::GetBalanceRequest request;
  *request.mutable_context() = Now();
  request.set_participant_id("ana");
  const auto response =
      harness_.Call(*harness_.payouts, &v1::PayoutService::Stub::GetBalance, request);
  ASSERT_THAT(response, IsOk());
  ASSERT_EQ(response->balances_size(), 1);
  EXPECT_EQ(response->balances(0).payable_minor_units(), 30'000);
  request.set_participant_id("");
  EXPECT_THAT(harness_.Call(*harness_.payouts, &v1::PayoutService::Stub::GetBalance, request),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("participant_id")));
  request.set_participant_id("nobody");
  EXPECT_THAT(harness_.Call(*harness_.payouts, &v1::PayoutService::Stub::GetBalance, request),
              StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(QueryServicesTest, AnAttainmentIsThatOfOneComponent) {
  v1::GetAttainmentRequest request;
  *request.mutable_context() = Now();
  request.set_participant_id("ana");
  request.set_plan_id("ae");
  request.set_component_id("commission");
  request.set_period("2025-01");
  const auto response =
      harness_.Call(*harness_.payouts, &v1::PayoutService::Stub::GetAttainment, request);
  ASSERT_THAT(response, IsOk());
  ASSERT_EQ(response->attainments_size(), 1);
  EXPECT_EQ(response->attainments(0).measure(), "3,000.00");
  request.set_component_id("bonus");
  EXPECT_THAT(harness_.Call(*harness_.payouts, &v1::PayoutService::Stub::GetAttainment, request),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("\"bonus\"")));
}

TEST_F(QueryServicesTest, VersionsOfAPlanAreListedAndCompared) {
  std::string changed = kPlanDocument;
  changed.replace(changed.find("10%"), 3, "12%");
  const auto second = Publish(changed);
  ASSERT_THAT(second, IsOk());
  v1::ListPlanVersionsRequest list;
  list.mutable_context()->set_min_position(second->position());
  list.set_plan_id("ae");
  const auto versions =
      harness_.Call(*harness_.plans, &v1::PlanService::Stub::ListPlanVersions, list);
  ASSERT_THAT(versions, IsOk());
  ASSERT_EQ(versions->versions_size(), 2);
  EXPECT_EQ(versions->versions(1).version(), 2U);

  v1::DiffPlanVersionsRequest diff;
  *diff.mutable_context() = list.context();
  diff.set_plan_id("ae");
  const auto response =
      harness_.Call(*harness_.plans, &v1::PlanService::Stub::DiffPlanVersions, diff);
  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(response->from_version(), 1U);
  EXPECT_EQ(response->to_version(), 2U);
  ASSERT_EQ(response->differences_size(), 1);
  EXPECT_THAT(response->differences(0).field(), StartsWith("components[commission].payout"));
  diff.set_to_version(1);
  EXPECT_THAT(harness_.Call(*harness_.plans, &v1::PlanService::Stub::DiffPlanVersions, diff),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("before 1")));
  diff.set_plan_id("none");
  EXPECT_THAT(harness_.Call(*harness_.plans, &v1::PlanService::Stub::DiffPlanVersions, diff),
              StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(QueryServicesTest, TreeHeadsAreListedAPageAtATime) {
  std::vector<uint64_t> sizes;
  for (int i = 0; i < 3; ++i) {
    const auto head = harness_.Call(*harness_.proofs, &v1::ProofService::Stub::GetTreeHead, {});
    ASSERT_THAT(head, IsOk());
    sizes.push_back(head->size());
    harness_.MustAppend({DealOfAna(absl::StrCat("T-", i))});
  }
  v1::ListTreeHeadsRequest request;
  request.set_page_size(2);
  std::vector<uint64_t> listed;
  do {
    const auto page =
        harness_.Call(*harness_.proofs, &v1::ProofService::Stub::ListTreeHeads, request);
    ASSERT_THAT(page, IsOk());
    for (const v1::TreeHead& head : page->tree_heads()) listed.push_back(head.size());
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(listed, sizes);
}

}  // namespace
}  // namespace payfold
