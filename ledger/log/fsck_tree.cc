#include "ledger/log/fsck_tree.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/base/coding.h"
#include "ledger/base/status_macros.h"
#include "ledger/log/format.h"
#include "rocksdb/iterator.h"

namespace payfold {
namespace {

std::string NameOf(absl::string_view check, uint64_t size) {
  return absl::StrCat(check == kOutsideCheck ? "the tree head from outside, of size "
                                             : "the kept tree head of size ",
                      size);
}

}  // namespace

absl::Status TreeChecker::ReadTreeHeads(const FsckOptions& options) {
  RETURN_IF_ERROR(ReadKey(options.verifier_key));
  ReadKept();
  if (!options.outside_tree_head.empty()) {
    RETURN_IF_ERROR(ReadOutside(options.outside_tree_head, options.verifier_key.empty()
                                                               ? verifier_key_
                                                               : options.verifier_key));
  }
  std::sort(expected_.begin(), expected_.end(),
            [](const Expected& a, const Expected& b) { return a.head.size > b.head.size; });
  CompareTreeHeads();
  return absl::OkStatus();
}

absl::Status TreeChecker::ReadKey(const std::string& given) {
  if (!given.empty()) RETURN_IF_ERROR(CheckVerifierKey(given));
  rocksdb::PinnableSlice key;
  const absl::StatusOr<bool> found = database_.Find(Family::kMeta, kVerifierKey, &key);
  const auto fail = [this](std::string what) {
    verdict_->Fail(kKeyCheck,
                   {.position = 0, .subject = "the record of the key", .detail = std::move(what)});
  };
  if (!found.ok() || !*found) {
    fail(found.ok() ? "it is missing" : std::string(found.status().message()));
  } else {
    verifier_key_ = key.ToString();
    if (!given.empty() && verifier_key_ != given) {
      fail(absl::StrCat("the ledger signs as ", verifier_key_, ", not as ", given));
    } else if (const absl::Status valid = CheckVerifierKey(verifier_key_); !valid.ok()) {
      fail(std::string(valid.message()));
    }
  }
  verdict_->Note(kKeyCheck, absl::StrCat("the ledger signs as ", verifier_key_));
  return absl::OkStatus();
}

void TreeChecker::ReadKept() {
  const auto fail = [this](uint64_t size, absl::string_view what) {
    verdict_->Fail(
        kTreeHeadsCheck,
        {.position = 0, .subject = NameOf(kTreeHeadsCheck, size), .detail = std::string(what)});
  };
  const std::unique_ptr<rocksdb::Iterator> kept = database_.NewScan(Family::kTreeHeads);
  for (kept->SeekToFirst(); kept->Valid(); kept->Next()) {
    ++kept_;
    const bool key_fits = kept->key().size() == sizeof(Key8);
    const uint64_t size = key_fits ? GetBig64(ToView(kept->key())) : 0;
    absl::StatusOr<TreeHead> head = ParseTreeHead(ToView(kept->value()), verifier_key_);
    if (!head.ok()) {
      fail(size, head.status().message());
    } else if (!key_fits || head->size != size) {
      fail(size, absl::StrCat("the signed size is ", head->size));
    } else {
      expected_.push_back({*std::move(head), kTreeHeadsCheck});
    }
  }
  if (!kept->status().ok()) {
    verdict_->Fail(
        kTreeHeadsCheck,
        {.position = 0, .subject = "the kept tree heads", .detail = kept->status().ToString()});
  }
}

absl::Status TreeChecker::ReadOutside(const std::string& note, const std::string& key) {
  RETURN_IF_ERROR(ReadTreeHead(note).status());
  absl::StatusOr<TreeHead> head = VerifyTreeHead(note, key);
  if (head.ok()) {
    expected_.push_back({*std::move(head), kOutsideCheck});
  } else {
    verdict_->Fail(kOutsideCheck, {.position = 0,
                                   .subject = "the tree head from outside",
                                   .detail = std::string(head.status().message())});
  }
  return absl::OkStatus();
}

void TreeChecker::CompareTreeHeads() {
  for (; !expected_.empty() && expected_.back().head.size <= tree_.size(); expected_.pop_back()) {
    const Expected& expected = expected_.back();
    const uint64_t size = expected.head.size;
    if (expected.head.root == tree_.Root()) {
      vouched_ = size;
      if (expected.check == kOutsideCheck) {
        verdict_->Note(kOutsideCheck, absl::StrCat("its root is that of the first ", size,
                                                   " events; it says nothing of later ones"));
      }
      continue;
    }
    verdict_->Fail(expected.check,
                   {.position = 0,
                    .subject = NameOf(expected.check, size),
                    .detail = absl::StrCat("its root is not that of the events up to position ",
                                           size, "; what was changed is at one of the positions ",
                                           vouched_ + 1, " to ", size)});
  }
}

void TreeChecker::Fail(uint64_t position, std::string what) {
  verdict_->Fail(kTreeCheck, {.position = position, .subject = "", .detail = std::move(what)});
}

void TreeChecker::BeginBlock(const BlockView& block) {
  ++blocks_;
  block_ = block.first_position();
  leaf_hashes_.clear();
  rocksdb::PinnableSlice hashes;
  const Key8 key = MakeKey(block_);
  const absl::StatusOr<bool> found = database_.Find(Family::kLeafHashes, AsBytes(key), &hashes);
  if (!found.ok()) {
    Fail(block_, std::string(found.status().message()));
  } else if (!*found) {
    Fail(block_, "the kept hashes of its block are missing");
  } else {
    leaf_hashes_ = hashes.ToString();
  }
  block_end_ = block.last_position();
}

void TreeChecker::Add(const EventView& event) {
  const Sha256Digest leaf = HashLeaf(event.bytes);
  const absl::StatusOr<Sha256Digest> kept = FindLeafHash(leaf_hashes_, event.position - block_);
  if (!kept.ok() || *kept != leaf) {
    Fail(event.position, "its kept hash is not that of its stored bytes");
  } else if (event.position == block_end_ &&
             leaf_hashes_.size() != (block_end_ + 1 - block_) * sizeof(Sha256Digest)) {
    Fail(event.position + 1, "there are kept hashes for it and more, but its block ends before");
  }
  tree_.Append(leaf, [&](int level, uint64_t index, const Sha256Digest& root) {
    if (level % kKeptLevels == 0) CheckSubtree(event.position, level, index, root);
  });
  CompareTreeHeads();
}

void TreeChecker::CheckSubtree(uint64_t position, int level, uint64_t index,
                               const Sha256Digest& root) {
  rocksdb::PinnableSlice value;
  const absl::StatusOr<bool> found =
      database_.Find(Family::kSubtreeRoots, MakeSubtreeKey(level, index), &value);
  if (!found.ok()) {
    Fail(position, std::string(found.status().message()));
  } else if (!*found || ToView(value) != AsBytes(root)) {
    Fail(position, "the kept root of the subtree that ends here is wrong");
  }
}

absl::Status TreeChecker::CheckCounts() {
  uint64_t leaves = 0;
  const std::unique_ptr<rocksdb::Iterator> blocks = database_.NewScan(Family::kLeafHashes);
  for (blocks->SeekToFirst(); blocks->Valid(); blocks->Next()) {
    const absl::string_view key = ToView(blocks->key());
    if (key.size() != sizeof(Key8) || GetBig64(key) <= tree_.size()) ++leaves;
  }
  RETURN_IF_ERROR(FromRocks(blocks->status(), "reading leaf_hashes"));
  uint64_t subtrees = 0;
  const std::unique_ptr<rocksdb::Iterator> roots = database_.NewScan(Family::kSubtreeRoots);
  for (roots->SeekToFirst(); roots->Valid(); roots->Next()) {
    const absl::string_view key = ToView(roots->key());
    const size_t level = key.empty() ? 0 : static_cast<uint8_t>(key.front());
    const bool fits = key.size() == 1 + sizeof(Key8) && level < 64;
    if (!fits || GetBig64(key.substr(1)) < tree_.size() >> level) ++subtrees;
  }
  RETURN_IF_ERROR(FromRocks(roots->status(), "reading subtree_roots"));
  uint64_t expected = 0;
  for (int level = kKeptLevels; level < 64; level += kKeptLevels) expected += tree_.size() >> level;
  if (leaves == blocks_ && subtrees == expected) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat("there are ", leaves, " records of leaves for ", blocks_,
                                          " blocks, and ", subtrees, " of subtrees for ",
                                          expected));
}

void TreeChecker::End(bool whole) {
  if (const absl::Status counted = whole ? CheckCounts() : absl::OkStatus(); !counted.ok()) {
    verdict_->Fail(kTreeCheck, {.position = 0,
                                .subject = "what is kept of the tree",
                                .detail = std::string(counted.message())});
  }
  for (const Expected& expected : expected_) {
    if (whole) {
      verdict_->Fail(expected.check,
                     {.position = tree_.size() + 1,
                      .subject = NameOf(expected.check, expected.head.size),
                      .detail = absl::StrCat("the log ends at position ", tree_.size(),
                                             ": events are missing")});
    } else {
      verdict_->Skip(
          expected.check,
          absl::StrCat("of size ", expected.head.size,
                       ", and the events cannot be followed beyond position ", tree_.size()));
    }
  }
  verdict_->Note(kTreeHeadsCheck,
                 absl::StrCat(kept_, " are signed and have the root of their size"));
}

}  // namespace payfold
