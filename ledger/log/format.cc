#include "ledger/log/format.h"

#include <algorithm>
#include <bit>
#include <limits>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "ledger/base/coding.h"
#include "ledger/base/status_macros.h"

namespace payfold {
namespace {

// Of the values that may change their layout on their own.
constexpr char kHeadVersion = 1;
constexpr char kTreeHeadVersion = 1;

absl::Status Damaged(absl::string_view what) {
  return absl::DataLossError(absl::StrCat("damaged record of the log: ", what));
}

template <size_t N>
void WriteBig(std::array<char, N>* out, size_t offset, uint64_t value, size_t width) {
  for (size_t i = 0; i < width; ++i) {
    (*out)[offset + i] = static_cast<char>(static_cast<uint8_t>(value >> (8 * (width - 1 - i))));
  }
}

bool GetDigest(absl::string_view* in, Sha256Digest* digest) {
  if (in->size() < digest->size()) return false;
  std::copy_n(in->data(), digest->size(), reinterpret_cast<char*>(digest->data()));
  in->remove_prefix(digest->size());
  return true;
}

bool GetVarint32(absl::string_view* in, uint32_t* value) {
  uint64_t wide = 0;
  if (!GetVarint64(in, &wide) || wide > std::numeric_limits<uint32_t>::max()) return false;
  *value = static_cast<uint32_t>(wide);
  return true;
}

}  // namespace

absl::string_view FamilyName(Family family) {
  switch (family) {
    case Family::kMeta:
      return "meta";
    case Family::kBlocks:
      return "blocks";
    case Family::kEventIds:
      return "event_ids";
    case Family::kStreams:
      return "streams";
    case Family::kStreamNames:
      return "stream_names";
    case Family::kStreamEvents:
      return "stream_events";
    case Family::kParticipants:
      return "participants";
    case Family::kParticipantIds:
      return "participant_ids";
    case Family::kParticipantBlocks:
      return "participant_blocks";
    case Family::kKindBlocks:
      return "kind_blocks";
    case Family::kLeafHashes:
      return "leaf_hashes";
    case Family::kSubtreeRoots:
      return "subtree_roots";
    case Family::kTreeHeads:
      return "tree_heads";
  }
  return "";
}

std::string EncodeHead(const LogHead& head) {
  std::string out(1, kHeadVersion);
  PutVarint64(&out, head.tree.size());
  PutSignedVarint64(&out, head.last_recorded_at_micros);
  PutVarint64(&out, head.streams);
  PutVarint64(&out, head.participants);
  for (const Sha256Digest& root : head.tree.roots()) absl::StrAppend(&out, AsBytes(root));
  return out;
}

absl::StatusOr<LogHead> ParseHead(absl::string_view bytes) {
  LogHead head;
  uint64_t size = 0;
  if (bytes.empty() || bytes.front() != kHeadVersion) return Damaged("head version");
  bytes.remove_prefix(1);
  if (!GetVarint64(&bytes, &size) || !GetSignedVarint64(&bytes, &head.last_recorded_at_micros) ||
      !GetVarint32(&bytes, &head.streams) || !GetVarint32(&bytes, &head.participants)) {
    return Damaged("head");
  }
  std::vector<Sha256Digest> roots(static_cast<size_t>(std::popcount(size)));
  for (Sha256Digest& root : roots) {
    if (!GetDigest(&bytes, &root)) return Damaged("head: tree");
  }
  if (!bytes.empty()) return Damaged("head: more bytes than its tree has");
  head.tree = MerkleFrontier(size, std::move(roots));
  return head;
}

EventIdKey MakeEventIdKey(absl::string_view event_id) {
  const Sha256Digest digest = Sha256(event_id);
  EventIdKey key;
  std::copy_n(reinterpret_cast<const char*>(digest.data()), key.size(), key.data());
  return key;
}

std::string EncodeKnownEvent(const KnownEvent& known) {
  std::string out;
  PutVarint64(&out, known.position);
  out.append(reinterpret_cast<const char*>(known.content_digest.data()),
             known.content_digest.size());
  return out;
}

absl::StatusOr<KnownEvent> ParseKnownEvent(absl::string_view bytes) {
  KnownEvent known = {};
  if (!GetVarint64(&bytes, &known.position) || bytes.size() != known.content_digest.size()) {
    return Damaged("event id");
  }
  std::copy_n(bytes.data(), bytes.size(), reinterpret_cast<char*>(known.content_digest.data()));
  return known;
}

Key8 MakeKey(uint64_t number) {
  Key8 key;
  WriteBig(&key, 0, number, 8);
  return key;
}

Key8 MakeStreamEventKey(uint32_t stream, uint32_t version) {
  return MakeKey(uint64_t{stream} << 32 | version);
}

Key12 MakePostingKey(uint32_t term, uint64_t first_position) {
  Key12 key;
  WriteBig(&key, 0, term, 4);
  WriteBig(&key, 4, first_position, 8);
  return key;
}

std::string MakeNumberKey(uint32_t number) {
  std::string key;
  PutBig32(&key, number);
  return key;
}

std::string MakeSubtreeKey(int level, uint64_t index) {
  std::string key(1, static_cast<char>(level));
  PutBig64(&key, index);
  return key;
}

std::string EncodeNumber(uint64_t number) {
  std::string out;
  PutVarint64(&out, number);
  return out;
}

absl::StatusOr<uint64_t> ParseNumber(absl::string_view bytes) {
  uint64_t number = 0;
  if (!GetVarint64(&bytes, &number) || !bytes.empty()) return Damaged("number");
  return number;
}

void AppendToNameRun(std::string* run, absl::string_view name) { PutLengthPrefixed(run, name); }

absl::StatusOr<std::string> FindInNameRun(absl::string_view run, uint32_t offset) {
  absl::string_view name;
  for (uint32_t i = 0;; ++i) {
    if (run.empty()) {
      return absl::NotFoundError(absl::StrCat("no name at place ", offset, " of a run of ", i));
    }
    if (!GetLengthPrefixed(&run, &name)) return Damaged("names");
    if (i == offset) return std::string(name);
  }
}

absl::StatusOr<Sha256Digest> FindLeafHash(absl::string_view hashes, uint64_t offset) {
  Sha256Digest digest;
  if (hashes.size() % digest.size() != 0 || offset >= hashes.size() / digest.size()) {
    return Damaged("leaf hashes");
  }
  return DigestFromBytes(hashes.substr(offset * digest.size(), digest.size()));
}

std::string EncodeTreeHead(const TreeHead& head) {
  std::string out(1, kTreeHeadVersion);
  PutSignedVarint64(&out, head.signed_at_micros);
  out.append(head.note);
  return out;
}

absl::StatusOr<TreeHead> ParseTreeHead(absl::string_view bytes, absl::string_view verifier_key) {
  int64_t signed_at_micros = 0;
  if (bytes.empty() || bytes.front() != kTreeHeadVersion) return Damaged("tree head version");
  bytes.remove_prefix(1);
  if (!GetSignedVarint64(&bytes, &signed_at_micros)) return Damaged("tree head time");
  ASSIGN_OR_RETURN(TreeHead head, VerifyTreeHead(bytes, verifier_key));
  head.signed_at_micros = signed_at_micros;
  return head;
}

}  // namespace payfold
