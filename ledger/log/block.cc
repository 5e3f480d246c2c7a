#include "ledger/log/block.h"

#include <limits>

#include "absl/strings/str_cat.h"
#include "ledger/base/check.h"
#include "ledger/base/coding.h"

namespace payfold {
namespace {

constexpr char kBlockVersion = 1;

bool GetVarint32(absl::string_view* in, uint32_t* value) {
  uint64_t wide = 0;
  if (!GetVarint64(in, &wide) || wide > std::numeric_limits<uint32_t>::max()) return false;
  *value = static_cast<uint32_t>(wide);
  return true;
}

}  // namespace

absl::StatusOr<BlockView> BlockView::Parse(absl::string_view bytes) {
  if (bytes.empty()) return absl::DataLossError("damaged block of events: it is empty");
  if (bytes.front() > kBlockVersion) {
    return absl::FailedPreconditionError(absl::StrCat(
        "a block of events has format ", static_cast<int>(bytes.front()), ", this release reads ",
        static_cast<int>(kBlockVersion), ": use the release that wrote it, or a newer one"));
  }
  const bool known = bytes.front() == kBlockVersion;
  bytes.remove_prefix(1);
  BlockView view;
  uint64_t spread = 0;
  if (!known || !GetVarint64(&bytes, &view.first_position_) || !GetVarint32(&bytes, &view.count_) ||
      !GetSignedVarint64(&bytes, &view.first_recorded_at_micros_) ||
      !GetVarint64(&bytes, &spread) || view.count_ == 0 || view.first_position_ == 0) {
    return absl::DataLossError("damaged block of events: header");
  }
  view.last_recorded_at_micros_ =
      static_cast<int64_t>(static_cast<uint64_t>(view.first_recorded_at_micros_) + spread);
  view.events_ = bytes;
  view.Rewind();
  return view;
}

void BlockView::Rewind() {
  rest_ = events_;
  read_ = 0;
  recorded_at_micros_ = first_recorded_at_micros_;
  status_ = absl::OkStatus();
}

bool BlockView::ReadSidecar(EventView* event, uint64_t* length) {
  uint64_t elapsed = 0;
  uint32_t participants = 0;
  if (!GetVarint32(&rest_, &event->kind) || !GetVarint64(&rest_, &elapsed) ||
      !GetVarint32(&rest_, &event->stream) || !GetVarint64(&rest_, &event->stream_version) ||
      !GetVarint32(&rest_, &participants) || participants > rest_.size()) {
    return false;
  }
  participants_.resize(participants);
  for (uint32_t& participant : participants_) {
    if (!GetVarint32(&rest_, &participant)) return false;
  }
  recorded_at_micros_ = static_cast<int64_t>(static_cast<uint64_t>(recorded_at_micros_) + elapsed);
  return GetVarint64(&rest_, length) && *length <= rest_.size();
}

bool BlockView::Next(EventView* event) {
  if (read_ == count_ || !status_.ok()) return false;
  uint64_t length = 0;
  if (!ReadSidecar(event, &length)) {
    status_ = absl::DataLossError(
        absl::StrCat("damaged block of events at position ", first_position_ + read_));
    return false;
  }
  event->position = first_position_ + read_;
  event->recorded_at_micros = recorded_at_micros_;
  event->participants = participants_;
  event->bytes = rest_.substr(0, static_cast<size_t>(length));
  rest_.remove_prefix(static_cast<size_t>(length));
  ++read_;
  if (read_ == count_ && !rest_.empty()) {
    status_ = absl::DataLossError(absl::StrCat("damaged block of events: ", rest_.size(),
                                               " bytes after position ", event->position));
    return false;
  }
  return true;
}

bool BlockBuilder::FullFor(size_t bytes) const {
  return count_ == kMaxBlockEvents || (count_ > 0 && events_.size() + bytes > kMaxBlockBytes);
}

void BlockBuilder::Add(const EventView& event) {
  if (count_ == 0) {
    first_position_ = event.position;
    first_recorded_at_micros_ = event.recorded_at_micros;
    last_recorded_at_micros_ = event.recorded_at_micros;
  }
  CHECK(event.position == first_position_ + count_);
  CHECK(event.recorded_at_micros >= last_recorded_at_micros_);
  PutVarint64(&events_, event.kind);
  PutVarint64(&events_, static_cast<uint64_t>(event.recorded_at_micros) -
                            static_cast<uint64_t>(last_recorded_at_micros_));
  PutVarint64(&events_, event.stream);
  PutVarint64(&events_, event.stream_version);
  PutVarint64(&events_, event.participants.size());
  for (uint32_t participant : event.participants) PutVarint64(&events_, participant);
  PutLengthPrefixed(&events_, event.bytes);
  last_recorded_at_micros_ = event.recorded_at_micros;
  ++count_;
}

std::string BlockBuilder::Finish() {
  CHECK(count_ > 0);
  std::string block(1, kBlockVersion);
  PutVarint64(&block, first_position_);
  PutVarint64(&block, count_);
  PutSignedVarint64(&block, first_recorded_at_micros_);
  PutVarint64(&block, static_cast<uint64_t>(last_recorded_at_micros_) -
                          static_cast<uint64_t>(first_recorded_at_micros_));
  block.append(events_);
  events_.clear();
  count_ = 0;
  return block;
}

}  // namespace payfold
