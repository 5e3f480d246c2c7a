#include "ledger/log/fsck_indexes.h"

#include <algorithm>
#include <memory>
#include <optional>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "ledger/base/coding.h"
#include "ledger/base/status_macros.h"
#include "ledger/log/format.h"
#include "ledger/log/fsck.h"
#include "rocksdb/iterator.h"

namespace payfold {
namespace {

absl::Status Wrong(absl::string_view what) { return absl::DataLossError(what); }

void SortDistinct(std::vector<uint32_t>* terms) {
  std::sort(terms->begin(), terms->end());
  terms->erase(std::unique(terms->begin(), terms->end()), terms->end());
}

}  // namespace

void IndexChecker::Fail(uint64_t position, const absl::Status& what) {
  if (what.ok()) return;
  verdict_->Fail(kIndexesCheck, {.position = position,
                                 .subject = position == 0 ? "an index" : "",
                                 .detail = std::string(what.message())});
}

void IndexChecker::Add(const EventView& event, const Envelope& envelope) {
  participants_.insert(participants_.end(), event.participants.begin(), event.participants.end());
  kinds_.push_back(event.kind);
  if (verdict_->Holds(kIndexesCheck)) Fail(event.position, CheckEvent(event, envelope));
}

absl::Status IndexChecker::CheckEvent(const EventView& event, const Envelope& envelope) {
  const absl::string_view id = envelope.event_id;
  ASSIGN_OR_RETURN(const std::optional<KnownEvent> known, reader_.FindEventId(MakeEventIdKey(id)));
  if (!known) return Wrong(absl::StrCat("event_ids does not find its id \"", id, "\""));
  if (known->position != event.position) {
    return Wrong(absl::StrCat("event_ids finds its id \"", id, "\" at position ", known->position));
  }
  return CheckStream(event, envelope.stream);
}

absl::Status IndexChecker::CheckStream(const EventView& event, absl::string_view name) {
  if (event.stream == streams_) {
    ++streams_;
    ASSIGN_OR_RETURN(const std::optional<uint32_t> number,
                     reader_.FindNumber(Family::kStreams, name));
    if (number != event.stream) {
      return Wrong(absl::StrCat("streams has another number for the stream ", name));
    }
  }
  rocksdb::PinnableSlice value;
  const Key8 key = MakeStreamEventKey(event.stream, static_cast<uint32_t>(event.stream_version));
  ASSIGN_OR_RETURN(const bool found, database_.Find(Family::kStreamEvents, AsBytes(key), &value));
  if (!found || ToView(value) != EncodeNumber(event.position)) {
    return Wrong(absl::StrCat("stream_events does not find it in the stream ", name));
  }
  return absl::OkStatus();
}

void IndexChecker::EndBlock(uint64_t first_position) {
  SortDistinct(&participants_);
  SortDistinct(&kinds_);
  participant_postings_ += participants_.size();
  kind_postings_ += kinds_.size();
  if (verdict_->Holds(kIndexesCheck)) {
    Fail(first_position, CheckPostings(Family::kParticipantBlocks, participants_, first_position));
    Fail(first_position, CheckPostings(Family::kKindBlocks, kinds_, first_position));
  }
  participants_.clear();
  kinds_.clear();
}

absl::Status IndexChecker::CheckPostings(Family family, const std::vector<uint32_t>& terms,
                                         uint64_t first) {
  for (const uint32_t term : terms) {
    rocksdb::PinnableSlice value;
    const Key12 key = MakePostingKey(term, first);
    ASSIGN_OR_RETURN(const bool found, database_.Find(family, AsBytes(key), &value));
    if (!found) {
      return Wrong(absl::StrCat(FamilyName(family), " misses the block that begins here for ",
                                family == Family::kKindBlocks ? "kind " : "participant ", term));
    }
  }
  return absl::OkStatus();
}

absl::Status IndexChecker::CheckNames(Family numbers, Family names, uint32_t count) {
  uint32_t number = 0;
  const auto wrong = [&] {
    return Wrong(absl::StrCat(FamilyName(names), " does not hold the name of number ", number));
  };
  const std::unique_ptr<rocksdb::Iterator> runs = database_.NewScan(names);
  for (runs->SeekToFirst(); runs->Valid() && number < count; runs->Next()) {
    if (ToView(runs->key()) != MakeNumberKey(number)) return wrong();
    absl::string_view run = ToView(runs->value());
    absl::string_view name;
    for (; !run.empty(); ++number) {
      if (!GetLengthPrefixed(&run, &name)) return wrong();
      ASSIGN_OR_RETURN(const std::optional<uint32_t> back, reader_.FindNumber(numbers, name));
      if (back != number) return wrong();
    }
  }
  RETURN_IF_ERROR(FromRocks(runs->status(), absl::StrCat("reading ", FamilyName(names))));
  return number >= count ? absl::OkStatus() : wrong();
}

absl::Status IndexChecker::CheckCount(Family family, uint64_t last, uint64_t expected,
                                      bool posting) {
  uint64_t count = 0;
  const std::unique_ptr<rocksdb::Iterator> entries = database_.NewScan(family);
  for (entries->SeekToFirst(); entries->Valid(); entries->Next()) {
    absl::string_view number = ToView(posting ? entries->key() : entries->value());
    uint64_t position = 0;
    if (posting && number.size() == sizeof(Key12)) {
      position = GetBig64(number.substr(sizeof(uint32_t)));
    } else if (posting || !GetVarint64(&number, &position)) {
      return Wrong(absl::StrCat(FamilyName(family), " has a malformed entry"));
    }
    if (position <= last) ++count;
  }
  RETURN_IF_ERROR(FromRocks(entries->status(), absl::StrCat("reading ", FamilyName(family))));
  if (count == expected) return absl::OkStatus();
  return Wrong(absl::StrCat(FamilyName(family), " has ", count, " entries for ", expected,
                            " that it must have"));
}

absl::Status IndexChecker::CheckAll(uint64_t last, uint32_t participants) {
  RETURN_IF_ERROR(CheckNames(Family::kStreams, Family::kStreamNames, streams_));
  RETURN_IF_ERROR(CheckNames(Family::kParticipants, Family::kParticipantIds, participants));
  RETURN_IF_ERROR(CheckCount(Family::kEventIds, last, last, /*posting=*/false));
  RETURN_IF_ERROR(CheckCount(Family::kStreamEvents, last, last, /*posting=*/false));
  RETURN_IF_ERROR(CheckCount(Family::kParticipantBlocks, last, participant_postings_,
                             /*posting=*/true));
  return CheckCount(Family::kKindBlocks, last, kind_postings_, /*posting=*/true);
}

void IndexChecker::End(uint64_t last, uint32_t participants) {
  if (verdict_->Holds(kIndexesCheck)) Fail(0, CheckAll(last, participants));
  verdict_->Note(kIndexesCheck, "event ids, streams, participants and kinds find every event");
}

}  // namespace payfold
