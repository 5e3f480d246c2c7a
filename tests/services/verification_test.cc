// ProofService.Verify: of a ledger that is open and of one that is not.

#include "services/verification.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ledger/log/database.h"
#include "services/errors.h"
#include "tests/services/service_harness.h"
#include "tests/support/status_matchers.h"

namespace payfold {
namespace {

using ::payfold_testing::Ana;
using ::payfold_testing::DealOfAna;
using ::payfold_testing::IsOk;
using ::payfold_testing::ServiceHarness;
using ::payfold_testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class VerificationTest : public testing::Test {
 protected:
  VerificationTest() {
    harness_.MakeLedger();
    harness_.MustAppend({Ana()});
    last_ = harness_.MustAppend({DealOfAna("D-1"), DealOfAna("D-2")});
  }

  absl::StatusOr<v1::Verdict> Verify(const v1::VerifyRequest& request = {}) {
    grpc::ClientContext context;
    const auto reader = harness_.proofs->Verify(&context, request);
    v1::VerifyResponse last;
    while (reader->Read(&last)) continue;
    if (const grpc::Status status = reader->Finish(); !status.ok()) return FromGrpc(status);
    return last.verdict();
  }

  void Close() {
    ASSERT_THAT(harness_.Call(*harness_.ledgers, &v1::LedgerService::Stub::CloseLedger, {}),
                IsOk());
  }

  v1::TreeHead Head() {
    return *harness_.Call(*harness_.proofs, &v1::ProofService::Stub::GetTreeHead, {});
  }

  // "projections: what is folded up to position 4".
  static std::vector<std::string> Findings(const v1::Verdict& verdict) {
    std::vector<std::string> findings;
    for (const v1::Check& check : verdict.checks()) {
      if (check.outcome() == v1::Check::DOES_NOT_HOLD) {
        findings.push_back(absl::StrCat(check.name(), ": ", check.subject()));
      }
    }
    return findings;
  }

  ServiceHarness harness_;
  uint64_t last_ = 0;
};

TEST_F(VerificationTest, ASoundLedgerHoldsOpenOrNot) {
  v1::VerifyRequest request;
  request.set_tree_head(Head().note());
  request.set_verifier_key(Head().verifier_key());
  for (const bool open : {true, false}) {
    SCOPED_TRACE(open);
    if (!open) Close();
    const auto verdict = Verify(request);
    ASSERT_THAT(verdict, IsOk());
    EXPECT_TRUE(verdict->holds());
    EXPECT_EQ(verdict->size(), last_);
    EXPECT_EQ(verdict->root(), Head().root());
    std::vector<std::string> names;
    for (const v1::Check& check : verdict->checks()) {
      EXPECT_EQ(check.outcome(), v1::Check::HOLDS) << check.name();
      EXPECT_NE(check.detail(), "") << check.name();
      names.push_back(check.name());
    }
    EXPECT_THAT(names,
                ElementsAre("files", "events", "tree", "key", "tree heads", "outside tree head",
                            "indexes", "projections", "closed periods"));
  }
}

TEST_F(VerificationTest, AProjectionThatIsNotWhatTheLogSaysIsFound) {
  {
    const std::shared_ptr<OpenLedger> open = *harness_.workspace.Get("main");
    EventLog& log = open->ledger->log();
    for (const std::string& name : log.ListDerived()) {
      rocksdb::WriteBatch batch;
      rocksdb::ColumnFamilyHandle* family = *log.OpenDerived(name);
      const std::unique_ptr<rocksdb::Iterator> entries(log.database()->NewIterator({}, family));
      // The last entry of the content.
      entries->SeekToLast();
      if (name != "derived.payouts" && entries->Valid()) batch.Delete(family, entries->key());
      ASSERT_THAT(log.WriteDerived(&batch, /*sync=*/true), IsOk());
    }
  }
  Close();
  const auto verdict = Verify();
  ASSERT_THAT(verdict, IsOk());
  EXPECT_FALSE(verdict->holds());
  EXPECT_THAT(Findings(*verdict),
              ElementsAre(absl::StrCat("projections: what is folded up to position ", last_)));
}

TEST_F(VerificationTest, ADamagedLogIsNotFoldedAndItsFirstPositionIsNamed) {
  {
    const std::shared_ptr<OpenLedger> open = *harness_.workspace.Get("main");
    EventLog& log = open->ledger->log();
    rocksdb::ColumnFamilyHandle* blocks = log.records().family(Family::kBlocks);
    const std::unique_ptr<rocksdb::Iterator> last(log.database()->NewIterator({}, blocks));
    last->SeekToLast();
    std::string value = last->value().ToString();
    value.back() = static_cast<char>(value.back() ^ 1);
    ASSERT_TRUE(log.database()->Put({}, blocks, last->key(), value).ok());
  }
  for (const bool open : {true, false}) {
    if (!open) Close();
    const auto verdict = Verify();
    ASSERT_THAT(verdict, IsOk());
    EXPECT_THAT(Findings(*verdict), testing::Contains(absl::StrCat("tree: position ", last_)));
    for (const v1::Check& check : verdict->checks()) {
      if (check.name() != "projections" && check.name() != "closed periods") continue;
      EXPECT_EQ(check.outcome(), v1::Check::NOT_CHECKED) << check.name();
    }
  }
}

TEST_F(VerificationTest, WhatIsNoTreeHeadKeyOrLedgerIsRefusedByItsField) {
  v1::VerifyRequest request;
  request.set_tree_head("nothing");
  EXPECT_EQ(FieldViolationsOf(Verify(request).status())[0].field, "tree_head");
  request.clear_tree_head();
  request.set_verifier_key("nothing");
  EXPECT_EQ(FieldViolationsOf(Verify(request).status())[0].field, "verifier_key");
  request.clear_verifier_key();
  request.set_workers(65);
  EXPECT_EQ(FieldViolationsOf(Verify(request).status())[0].field, "workers");
  request.clear_workers();
  request.set_ledger("other");
  EXPECT_EQ(ReasonOf(Verify(request).status()), kReasonLedgerNotFound);
}

TEST_F(VerificationTest, ATreeHeadIsGivenAgainByItsSize) {
  const v1::TreeHead first = Head();
  harness_.MustAppend({DealOfAna("D-3")});
  v1::GetTreeHeadRequest request;
  const auto get = [&](uint64_t size) {
    request.set_size(size);
    return harness_.Call(*harness_.proofs, &v1::ProofService::Stub::GetTreeHead, request);
  };
  EXPECT_EQ(get(first.size())->note(), first.note());
  EXPECT_EQ(get(first.size() + 1)->size(), first.size() + 1);
  EXPECT_THAT(get(1), StatusIs(absl::StatusCode::kNotFound, HasSubstr("no tree head of size 1")));
}

}  // namespace
}  // namespace payfold
