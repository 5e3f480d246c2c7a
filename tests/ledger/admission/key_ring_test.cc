#include "ledger/admission/key_ring.h"

#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ledger/base/aead.h"
#include "rocksdb/env.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace payfold {
namespace {

using ::payfold_testing::IsOk;
using ::payfold_testing::IsOkAndHolds;
using ::payfold_testing::StatusIs;
using ::payfold_testing::TempDir;
using ::testing::HasSubstr;
using ::testing::Optional;
using ::testing::SizeIs;

class KeyRingTest : public testing::Test {
 protected:
  std::unique_ptr<KeyRing> Create() {
    auto ring = KeyRing::Create(dir_.Path("keys"), rocksdb::Env::Default(), RandomBytes, "origin");
    EXPECT_THAT(ring, IsOk());
    return *std::move(ring);
  }
  std::unique_ptr<KeyRing> Open() {
    auto ring = KeyRing::Open(dir_.Path("keys"), rocksdb::Env::Default(), RandomBytes);
    EXPECT_THAT(ring, IsOk());
    return *std::move(ring);
  }
  // Whether any file of the ring holds the bytes.
  bool OnDisk(const std::string& bytes) {
    for (const auto& file : std::filesystem::directory_iterator(dir_.Path("keys"))) {
      std::ostringstream content;
      content << std::ifstream(file.path()).rdbuf();
      if (absl::StrContains(content.str(), bytes)) return true;
    }
    return false;
  }

  TempDir dir_;
};

TEST_F(KeyRingTest, SecretsAreMadeOnceAndKept) {
  std::unique_ptr<KeyRing> ring = Create();
  const std::string digest_key = ring->digest_key();
  const std::string seed = ring->signing_seed();
  EXPECT_THAT(digest_key, SizeIs(32));
  EXPECT_THAT(seed, SizeIs(32));
  EXPECT_NE(digest_key, seed);
  ring.reset();
  ring = Create();  // An interrupted creation goes on with what there is.
  EXPECT_EQ(ring->digest_key(), digest_key);
  ring.reset();
  ring = Open();
  EXPECT_EQ(ring->signing_seed(), seed);
  EXPECT_EQ(ring->origin(), "origin");
}

TEST_F(KeyRingTest, KeysOfSubjectsAreMadeOnceAndKept) {
  std::unique_ptr<KeyRing> ring = Create();
  EXPECT_THAT(ring->FindKey("ana"), IsOkAndHolds(std::nullopt));
  ASSERT_THAT(ring->Ensure({"ana", "bob", "ana"}), IsOk());
  const std::string ana = **ring->FindKey("ana");
  EXPECT_THAT(ana, SizeIs(32));
  EXPECT_NE(ana, **ring->FindKey("bob"));
  ASSERT_THAT(ring->Ensure({"ana"}), IsOk());
  ring.reset();
  EXPECT_THAT(Open()->FindKey("ana"), IsOkAndHolds(Optional(ana)));
}

TEST_F(KeyRingTest, ADestroyedKeyIsGoneFromTheFiles) {
  std::unique_ptr<KeyRing> ring = Create();
  ASSERT_THAT(ring->Ensure({"ana", "bob"}), IsOk());
  const std::string ana = **ring->FindKey("ana");
  const std::string bob = **ring->FindKey("bob");
  ASSERT_TRUE(OnDisk(ana));
  ASSERT_THAT(ring->Destroy("ana"), IsOk());
  EXPECT_THAT(ring->FindKey("ana"), IsOkAndHolds(std::nullopt));
  EXPECT_FALSE(OnDisk(ana));
  EXPECT_TRUE(OnDisk(bob));
  ASSERT_THAT(ring->Ensure({"ana"}), IsOk());
  EXPECT_NE(**ring->FindKey("ana"), ana);
  EXPECT_THAT(ring->Destroy("nobody"), IsOk());
}

TEST_F(KeyRingTest, PendingErasuresAreKeptUntilRemoved) {
  std::unique_ptr<KeyRing> ring = Create();
  ASSERT_THAT(ring->AddPending({{.subject = "ana", .event_id = "x1"}}), IsOk());
  ring.reset();
  ring = Open();
  const auto pending = ring->ListPending();
  ASSERT_THAT(pending, IsOkAndHolds(SizeIs(1)));
  EXPECT_EQ((*pending)[0].subject, "ana");
  EXPECT_EQ((*pending)[0].event_id, "x1");
  ASSERT_THAT(ring->RemovePending(*pending), IsOk());
  EXPECT_THAT(ring->ListPending(), IsOkAndHolds(SizeIs(0)));
}

TEST_F(KeyRingTest, MissingKeysAreNotMadeUp) {
  EXPECT_THAT(KeyRing::Open(dir_.Path("none"), rocksdb::Env::Default(), RandomBytes),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("there are no keys in")));
  EXPECT_FALSE(std::filesystem::exists(dir_.Path("none")));
}

}  // namespace
}  // namespace payfold
