#include "ledger/log/cursor.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/base/coding.h"
#include "ledger/base/status_macros.h"
#include "ledger/log/block.h"
#include "ledger/log/database.h"
#include "ledger/log/format.h"

namespace payfold {

absl::Status MissingEvents(uint64_t first, uint64_t last) {
  return absl::DataLossError(
      absl::StrCat(first == last ? "the event at position " : "the events at positions ", first,
                   first == last ? "" : absl::StrCat(" to ", last), first == last ? " is" : " are",
                   " missing: run payfold verify"));
}

absl::Status BlockOrder::Add(absl::string_view block) {
  ASSIGN_OR_RETURN(const BlockView view, BlockView::Parse(block));
  const uint64_t begin = view.first_position();
  const uint64_t end = view.last_position();
  const uint64_t next = backward_ ? last_ : first_;
  if (next < begin && !backward_) return MissingEvents(next, std::min(begin - 1, last_));
  if (next > end && backward_) return MissingEvents(std::max(end + 1, first_), next);
  if (next < begin || next > end) return MissingEvents(next, next);
  if (backward_) {
    last_ = begin - 1;
  } else {
    first_ = end + 1;
  }
  return absl::OkStatus();
}

absl::Status BlockOrder::End() const {
  return done() ? absl::OkStatus() : MissingEvents(first_, last_);
}

BlockCursor::BlockCursor(std::unique_ptr<rocksdb::Iterator> iterator, uint64_t first, uint64_t last)
    : iterator_(std::move(iterator)),
      first_(std::max<uint64_t>(first, 1)),
      order_(first_, last, /*backward=*/false) {}

bool BlockCursor::Next() {
  if (order_.done() || !status_.ok()) return false;
  if (started_) {
    iterator_->Next();
  } else {
    started_ = true;
    const Key8 key = MakeKey(first_);
    iterator_->SeekForPrev(ToSlice(AsBytes(key)));
    if (!iterator_->Valid() && iterator_->status().ok()) iterator_->SeekToFirst();
  }
  status_ = FromRocks(iterator_->status(), "reading events");
  if (status_.ok()) status_ = iterator_->Valid() ? order_.Add(bytes()) : order_.End();
  if (!status_.ok() || !iterator_->Valid()) return false;
  first_position_ = GetBig64(ToView(iterator_->key()));
  return true;
}

absl::string_view BlockCursor::bytes() const { return ToView(iterator_->value()); }

}  // namespace payfold
