// The one place for the log's column families, keys and values; format.md says
// the same in prose. Blocks of events have a file of their own (block.h).
//
// Every Parse function gives kDataLoss for bytes that are no such value.

#ifndef LEDGER_LOG_FORMAT_H_
#define LEDGER_LOG_FORMAT_H_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "ledger/base/sha256.h"
#include "ledger/log/event.h"
#include "ledger/log/log_state.h"
#include "ledger/log/merkle_tree.h"
#include "ledger/log/tree_head.h"

namespace payfold {

// Of the layout as a whole. A log of a higher version is not opened.
inline constexpr uint64_t kFormatVersion = 1;

enum class Family : int {
  kMeta,               // Three keys, below.
  kBlocks,             // first position: block.
  kEventIds,           // EventIdKey: KnownEvent.
  kStreams,            // name: number.
  kStreamNames,        // first number: NameRun.
  kStreamEvents,       // stream number, version: position.
  kParticipants,       // id: number.
  kParticipantIds,     // first number: NameRun.
  kParticipantBlocks,  // participant number, first position of a block: nothing.
  kKindBlocks,         // kind, first position of a block: nothing.
  kLeafHashes,         // first position of a block: its leaves' hashes.
  kSubtreeRoots,       // level, index: root of a complete subtree.
  kTreeHeads,          // size: TreeHead.
};
inline constexpr int kFamilyCount = 13;

// The column family's name in RocksDB.
absl::string_view FamilyName(Family family);

// Names of column families that are not the log's own begin so.
inline constexpr absl::string_view kDerivedPrefix = "derived.";

// Keys of Family::kMeta.
inline constexpr absl::string_view kHeadKey = "head";              // LogHead.
inline constexpr absl::string_view kFormatKey = "format";          // Varint: kFormatVersion.
inline constexpr absl::string_view kVerifierKey = "verifier_key";  // Text.

// Everything about the log's end that the writer needs in order to go on.
struct LogHead {
  int64_t last_recorded_at_micros = 0;
  uint32_t streams = 0;
  uint32_t participants = 0;
  MerkleFrontier tree;  // Its size is the last position.

  uint64_t position() const { return tree.size(); }
};
std::string EncodeHead(const LogHead& head);
absl::StatusOr<LogHead> ParseHead(absl::string_view bytes);

// The first 16 bytes of the SHA-256 of an event id.
using EventIdKey = std::array<char, 16>;
EventIdKey MakeEventIdKey(absl::string_view event_id);
inline absl::string_view AsBytes(const EventIdKey& key) { return {key.data(), key.size()}; }

std::string EncodeKnownEvent(const KnownEvent& known);
absl::StatusOr<KnownEvent> ParseKnownEvent(absl::string_view bytes);

// Keys made of numbers, big-endian, so that they sort as the numbers do.
using Key8 = std::array<char, 8>;
using Key12 = std::array<char, 12>;
inline absl::string_view AsBytes(const Key8& key) { return {key.data(), key.size()}; }
inline absl::string_view AsBytes(const Key12& key) { return {key.data(), key.size()}; }
Key8 MakeKey(uint64_t number);  // Positions, sizes.
Key8 MakeStreamEventKey(uint32_t stream, uint32_t version);
Key12 MakePostingKey(uint32_t term, uint64_t first_position);  // Participant or kind.
std::string MakeNumberKey(uint32_t number);
std::string MakeSubtreeKey(int level, uint64_t index);

std::string EncodeNumber(uint64_t number);  // A varint.
absl::StatusOr<uint64_t> ParseNumber(absl::string_view bytes);

// A NameRun holds the names of consecutive numbers, each with its length before.
void AppendToNameRun(std::string* run, absl::string_view name);
absl::StatusOr<std::string> FindInNameRun(absl::string_view run, uint32_t offset);

// The hash of leaf `offset` in a value of kLeafHashes.
absl::StatusOr<Sha256Digest> FindLeafHash(absl::string_view hashes, uint64_t offset);

std::string EncodeTreeHead(const TreeHead& head);  // Size and root stand in the note.
absl::StatusOr<TreeHead> ParseTreeHead(absl::string_view bytes, absl::string_view verifier_key);

// Roots of complete subtrees are kept for levels 8, 16, 24, …
inline constexpr int kKeptLevels = 8;

}  // namespace payfold

#endif  // LEDGER_LOG_FORMAT_H_
