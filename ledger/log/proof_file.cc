#include "ledger/log/proof_file.h"

#include <limits>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "ledger/base/status_macros.h"

namespace payfold {
namespace {

constexpr absl::string_view kInclusionHeader = "c2sp.org/tlog-proof@v1";
constexpr absl::string_view kExtra = "extra ";
constexpr absl::string_view kIndex = "index ";
constexpr absl::string_view kOld = "old ";
// More than any proof of this tree has: the sizes have 64 bits.
constexpr size_t kMaxHashes = 128;

// Takes a text apart, line by line.
class LineReader {
 public:
  explicit LineReader(absl::string_view text) : rest_(text) {}

  // The next line, without its end. Errors: if there is no further line end.
  absl::StatusOr<absl::string_view> Next() {
    const size_t end = rest_.find('\n');
    ++line_;
    if (end == absl::string_view::npos) return Bad("the file ends in the middle of it");
    const absl::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    return line;
  }

  bool NextBeginsWith(absl::string_view prefix) const {
    return rest_.substr(0, prefix.size()) == prefix;
  }

  absl::Status Bad(absl::string_view why) const {
    return absl::InvalidArgumentError(absl::StrCat("line ", line_, " of the proof: ", why));
  }

  absl::string_view rest() const { return rest_; }

 private:
  absl::string_view rest_;
  int line_ = 0;
};

// A line of `prefix` and a number, with no more digits than it needs.
absl::StatusOr<uint64_t> ReadNumber(LineReader* lines, absl::string_view prefix) {
  ASSIGN_OR_RETURN(absl::string_view line, lines->Next());
  uint64_t number = 0;
  if (!absl::ConsumePrefix(&line, prefix) || !absl::SimpleAtoi(line, &number) ||
      absl::StrCat(number) != line) {
    return lines->Bad(absl::StrCat("it must be \"", prefix, "\" and a number"));
  }
  return number;
}

// The bytes of a base64 text that is written as its bytes are.
absl::StatusOr<std::string> ReadBase64(const LineReader& lines, absl::string_view text) {
  absl::StatusOr<std::string> bytes = FromBase64(text);
  if (!bytes.ok() || ToBase64(*bytes) != text) return lines.Bad("it is not base64");
  return bytes;
}

// Hashes up to and including the empty line.
absl::StatusOr<std::vector<Sha256Digest>> ReadHashes(LineReader* lines) {
  std::vector<Sha256Digest> hashes;
  while (true) {
    ASSIGN_OR_RETURN(const absl::string_view line, lines->Next());
    if (line.empty()) return hashes;
    ASSIGN_OR_RETURN(const std::string bytes, ReadBase64(*lines, line));
    absl::StatusOr<Sha256Digest> hash = DigestFromBytes(bytes);
    if (!hash.ok()) return lines->Bad("it is not a hash of 32 bytes");
    if (hashes.size() == kMaxHashes) return lines->Bad("there are too many hashes");
    hashes.push_back(*hash);
  }
}

absl::StatusOr<ProofFile> ParseInclusion(LineReader* lines) {
  RETURN_IF_ERROR(lines->Next().status());  // The header.
  InclusionProofFile proof;
  if (lines->NextBeginsWith(kExtra)) {
    ASSIGN_OR_RETURN(absl::string_view extra, lines->Next());
    extra.remove_prefix(kExtra.size());
    ASSIGN_OR_RETURN(proof.event, ReadBase64(*lines, extra));
  }
  ASSIGN_OR_RETURN(const uint64_t index, ReadNumber(lines, kIndex));
  if (index == std::numeric_limits<uint64_t>::max()) return lines->Bad("no log is that large");
  proof.position = index + 1;
  ASSIGN_OR_RETURN(proof.hashes, ReadHashes(lines));
  proof.tree_head = std::string(lines->rest());
  return proof;
}

absl::StatusOr<ProofFile> ParseConsistency(LineReader* lines) {
  ConsistencyProofFile proof;
  ASSIGN_OR_RETURN(proof.old_size, ReadNumber(lines, kOld));
  ASSIGN_OR_RETURN(proof.hashes, ReadHashes(lines));
  proof.tree_head = std::string(lines->rest());
  return proof;
}

void AppendHashesAndHead(const std::vector<Sha256Digest>& hashes, absl::string_view tree_head,
                         std::string* text) {
  for (const Sha256Digest& hash : hashes) absl::StrAppend(text, ToBase64(hash), "\n");
  absl::StrAppend(text, "\n", tree_head);
}

std::string Format(const InclusionProofFile& proof) {
  std::string text = absl::StrCat(kInclusionHeader, "\n");
  if (proof.event.has_value()) absl::StrAppend(&text, kExtra, ToBase64(*proof.event), "\n");
  absl::StrAppend(&text, kIndex, proof.position - 1, "\n");
  AppendHashesAndHead(proof.hashes, proof.tree_head, &text);
  return text;
}

std::string Format(const ConsistencyProofFile& proof) {
  std::string text = absl::StrCat(kOld, proof.old_size, "\n");
  AppendHashesAndHead(proof.hashes, proof.tree_head, &text);
  return text;
}

}  // namespace

std::string FormatProofFile(const ProofFile& proof) {
  return std::visit([](const auto& one) { return Format(one); }, proof);
}

absl::StatusOr<ProofFile> ParseProofFile(absl::string_view text) {
  LineReader lines(text);
  if (lines.NextBeginsWith(absl::StrCat(kInclusionHeader, "\n"))) return ParseInclusion(&lines);
  if (lines.NextBeginsWith(kOld)) return ParseConsistency(&lines);
  return absl::InvalidArgumentError(absl::StrCat(
      "this is no proof: the first line must be \"", kInclusionHeader,
      "\" (an event is in the log) or \"", kOld, "N\" (a tree head continues one of size N)"));
}

}  // namespace payfold
