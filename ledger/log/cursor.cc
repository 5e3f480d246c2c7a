#include "ledger/log/cursor.h"

#include <algorithm>
#include <utility>

#include "ledger/base/coding.h"
#include "ledger/log/database.h"
#include "ledger/log/format.h"

namespace payfold {

BlockCursor::BlockCursor(std::unique_ptr<rocksdb::Iterator> iterator, uint64_t first, uint64_t last)
    : iterator_(std::move(iterator)), first_(first), last_(last) {}

bool BlockCursor::Next() {
  if (started_) {
    if (iterator_->Valid()) iterator_->Next();
  } else {
    started_ = true;
    if (first_ > last_) return false;
    const Key8 key = MakeKey(first_);
    iterator_->SeekForPrev(ToSlice(AsBytes(key)));
    if (!iterator_->Valid() && iterator_->status().ok()) iterator_->SeekToFirst();
  }
  if (!iterator_->Valid()) return false;
  first_position_ = GetBig64(ToView(iterator_->key()));
  return first_position_ <= last_;
}

absl::string_view BlockCursor::bytes() const { return ToView(iterator_->value()); }

absl::Status BlockCursor::status() const {
  return FromRocks(iterator_->status(), "reading events");
}

}  // namespace payfold
