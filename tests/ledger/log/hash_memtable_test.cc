#include "ledger/log/hash_memtable.h"

#include <atomic>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rocksdb/db.h"
#include "rocksdb/env.h"
#include "rocksdb/iterator.h"
#include "rocksdb/options.h"

namespace payfold {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;
using ::testing::Pair;

using Entries = std::vector<std::pair<std::string, std::string>>;

class HashMemtableTest : public testing::Test {
 protected:
  HashMemtableTest() : env_(rocksdb::NewMemEnv(rocksdb::Env::Default())) {
    rocksdb::Options options;
    options.env = env_.get();
    options.create_if_missing = true;
    options.allow_concurrent_memtable_write = false;
    options.memtable_factory = NewHashMemtableFactory();
    rocksdb::DB* db = nullptr;
    EXPECT_TRUE(rocksdb::DB::Open(options, "/db", &db).ok());
    db_.reset(db);
  }

  void Put(const std::string& key, const std::string& value) {
    ASSERT_TRUE(db_->Put(rocksdb::WriteOptions(), key, value).ok());
  }

  void Delete(const std::string& key) {
    ASSERT_TRUE(db_->Delete(rocksdb::WriteOptions(), key).ok());
  }

  // The value, or "none".
  std::string Get(const std::string& key, const rocksdb::Snapshot* at = nullptr) const {
    rocksdb::ReadOptions options;
    options.snapshot = at;
    std::string value;
    return db_->Get(options, key, &value).ok() ? value : "none";
  }

  std::unique_ptr<rocksdb::Iterator> Walk() const {
    return std::unique_ptr<rocksdb::Iterator>(db_->NewIterator(rocksdb::ReadOptions()));
  }

  static Entries Rest(rocksdb::Iterator* walk) {
    Entries entries;
    for (; walk->Valid(); walk->Next()) {
      entries.emplace_back(walk->key().ToString(), walk->value().ToString());
    }
    return entries;
  }

  Entries All() const {
    const std::unique_ptr<rocksdb::Iterator> walk = Walk();
    walk->SeekToFirst();
    return Rest(walk.get());
  }

  static std::string KeyAt(const rocksdb::Iterator& walk) {
    return walk.Valid() ? walk.key().ToString() : "end";
  }

  std::unique_ptr<rocksdb::Env> env_;
  std::unique_ptr<rocksdb::DB> db_;
};

TEST_F(HashMemtableTest, FindsWhatWasPutAndNothingElse) {
  Put("deals/a", "1");
  Put("", "2");
  EXPECT_EQ(Get("deals/a"), "1");
  EXPECT_EQ(Get(""), "2");
  EXPECT_EQ(Get("deals/b"), "none");
}

TEST_F(HashMemtableTest, FindsTheNewestAndASnapshotWhatWasThen) {
  Put("key", "old");
  const rocksdb::Snapshot* const then = db_->GetSnapshot();
  Put("key", "new");
  const rocksdb::Snapshot* const later = db_->GetSnapshot();
  Delete("key");
  EXPECT_EQ(Get("key", then), "old");
  EXPECT_EQ(Get("key", later), "new");
  EXPECT_EQ(Get("key"), "none");
  db_->ReleaseSnapshot(then);
  db_->ReleaseSnapshot(later);
}

TEST_F(HashMemtableTest, IsWalkedInOrderOfKey) {
  for (const char* key : {"deals/22", "b", "deals/2", "deals/10", "deals", ""}) Put(key, "v");
  EXPECT_THAT(All(),
              ElementsAre(Pair("", "v"), Pair("b", "v"), Pair("deals", "v"), Pair("deals/10", "v"),
                          Pair("deals/2", "v"), Pair("deals/22", "v")));
}

TEST_F(HashMemtableTest, IsWalkedBackwardsToo) {
  for (const char* key : {"c", "a", "b"}) Put(key, "v");
  const std::unique_ptr<rocksdb::Iterator> walk = Walk();
  walk->SeekToLast();
  EXPECT_EQ(KeyAt(*walk), "c");
  walk->Prev();
  EXPECT_EQ(KeyAt(*walk), "b");
  walk->Prev();
  walk->Prev();
  EXPECT_EQ(KeyAt(*walk), "end");
}

TEST_F(HashMemtableTest, IsEnteredAtAnyKey) {
  for (const char* key : {"b", "d"}) Put(key, "v");
  const std::unique_ptr<rocksdb::Iterator> walk = Walk();
  walk->Seek("b");
  EXPECT_EQ(KeyAt(*walk), "b");
  walk->Seek("c");
  EXPECT_EQ(KeyAt(*walk), "d");
  walk->Seek("e");
  EXPECT_EQ(KeyAt(*walk), "end");
  walk->SeekForPrev("b");
  EXPECT_EQ(KeyAt(*walk), "b");
  walk->SeekForPrev("c");
  EXPECT_EQ(KeyAt(*walk), "b");
  walk->SeekForPrev("a");
  EXPECT_EQ(KeyAt(*walk), "end");
}

TEST_F(HashMemtableTest, AWalkSeesWhatWasThereWhenItBegan) {
  Put("a", "1");
  const std::unique_ptr<rocksdb::Iterator> before = Walk();
  Put("b", "2");
  before->SeekToFirst();
  EXPECT_THAT(Rest(before.get()), ElementsAre(Pair("a", "1")));
  EXPECT_THAT(All(), ElementsAre(Pair("a", "1"), Pair("b", "2")));
}

TEST_F(HashMemtableTest, HoldsWhatAMapHoldsBeforeAndAfterAFlush) {
  std::mt19937 random(20260101);
  std::map<std::string, std::string> model;
  for (int i = 0; i < 20'000; ++i) {
    const std::string key = std::to_string(random() % 8'000);
    if (random() % 8 == 0) {
      Delete(key);
      model.erase(key);
    } else {
      Put(key, std::to_string(i));
      model[key] = std::to_string(i);
    }
  }
  EXPECT_THAT(All(), ElementsAreArray(model));
  for (const auto& [key, value] : model) ASSERT_EQ(Get(key), value);
  ASSERT_TRUE(db_->Flush(rocksdb::FlushOptions()).ok());
  EXPECT_THAT(All(), ElementsAreArray(model));
}

// Names begin alike, most of them for longer than what is compared at once.
TEST_F(HashMemtableTest, IsWalkedInOrderOfNamesThatBeginAlike) {
  std::map<std::string, std::string> model;
  std::mt19937 random(7);
  for (int i = 0; i < 5'000; ++i) {
    const std::string name = absl::StrCat("deals/customer-", random() % 20'000,
                                          std::string(random() % 3, '\0'), i % 2 == 0 ? "/x" : "");
    Put(name, "v");
    model.emplace(name, "v");
  }
  EXPECT_THAT(All(), ElementsAreArray(model));
  Put("deals/customer-", "v");  // All that they have in common.
  model.emplace("deals/customer-", "v");
  EXPECT_THAT(All(), ElementsAreArray(model));
}

TEST_F(HashMemtableTest, BeginsAsLargeAsTheLastOneBecameAndSmallerAfterFew) {
  std::map<std::string, std::string> model;
  const auto put_and_flush = [&](int keys) {
    for (int i = 0; i < keys; ++i) {
      const std::string key = absl::StrCat(model.size());
      Put(key, "v");
      model.emplace(key, "v");
    }
    for (const auto& [key, value] : model) EXPECT_EQ(Get(key), value);
    EXPECT_THAT(All(), ElementsAreArray(model));
    EXPECT_TRUE(db_->Flush(rocksdb::FlushOptions()).ok());
  };
  const auto bytes_at_first = [&] {
    uint64_t bytes = 0;
    EXPECT_TRUE(db_->GetIntProperty("rocksdb.cur-size-active-mem-table", &bytes));
    return bytes;
  };
  const uint64_t small = bytes_at_first();
  put_and_flush(10'000);
  const uint64_t large = bytes_at_first();
  EXPECT_GT(large, small + 10'000);
  for (int i = 0; i < 8; ++i) put_and_flush(1);
  EXPECT_LT(bytes_at_first(), large / 2);
  put_and_flush(5'000);
}

TEST_F(HashMemtableTest, IsEmptyAtFirst) {
  EXPECT_THAT(All(), IsEmpty());
  EXPECT_EQ(Get("key"), "none");
}

// The table grows several times meanwhile.
TEST_F(HashMemtableTest, FindsWhatIsThereWhileOthersAreAdded) {
  constexpr int kKeys = 20'000;
  std::atomic<int> put = 0;
  std::atomic<int> missed = 0;
  std::vector<std::thread> readers;
  for (int reader = 0; reader < 2; ++reader) {
    readers.emplace_back([&] {
      while (put < kKeys) {
        const int last = put;
        for (int key = last; key > 0 && key > last - 100; --key) {
          if (Get(std::to_string(key)) != "v") ++missed;
        }
      }
    });
  }
  for (int key = 1; key <= kKeys; ++key) {
    Put(std::to_string(key), "v");
    put = key;
  }
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(missed, 0);
}

}  // namespace
}  // namespace payfold
