#include "ledger/log/tree_head.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "ledger/base/status_macros.h"
#include "ledger/base/utf8.h"

namespace payfold {
namespace {

constexpr char kEd25519Type = 0x01;
constexpr size_t kKeyIdBytes = 4;
constexpr size_t kMaxOriginBytes = 255;
// An em dash and a space begin every signature line.
constexpr absl::string_view kSignatureMark = "\xe2\x80\x94 ";

// The first 4 bytes of SHA-256(name ‖ 0x0A ‖ type ‖ public key).
std::string KeyId(absl::string_view name, absl::string_view typed_key) {
  const Sha256Digest digest = Sha256(absl::StrCat(name, "\n", typed_key));
  return std::string(AsBytes(digest).substr(0, kKeyIdBytes));
}

struct Verifier {
  std::string name;
  std::string key_id;
  std::string public_key;
};

absl::StatusOr<Verifier> ParseVerifierKey(absl::string_view text) {
  const auto bad = [](absl::string_view why) {
    return absl::InvalidArgumentError(
        absl::StrCat("the verifier key is not of the form name+keyid+base64: ", why));
  };
  // The base64 may hold '+', the name may not.
  const std::vector<absl::string_view> parts = absl::StrSplit(text, absl::MaxSplits('+', 2));
  if (parts.size() != 3) return bad("it has fewer than three parts");
  Verifier verifier{.name = std::string(parts[0]), .key_id = "", .public_key = ""};
  RETURN_IF_ERROR(CheckOrigin(verifier.name));
  absl::StatusOr<std::string> key_id = FromHex(parts[1]);
  absl::StatusOr<std::string> key = FromBase64(parts[2]);
  if (!key_id.ok() || !key.ok()) return bad("the key does not decode");
  if (key->size() != 1 + kEd25519KeyBytes || key->front() != kEd25519Type) {
    return bad("the key is not an Ed25519 key");
  }
  if (*key_id != KeyId(verifier.name, *key)) return bad("the key id is not that of the key");
  verifier.key_id = *std::move(key_id);
  verifier.public_key = key->substr(1);
  return verifier;
}

absl::Status Malformed(absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat("the tree head is malformed: ", why));
}

// A signed note's two parts.
struct Note {
  absl::string_view text;                     // With its last line feed.
  std::vector<absl::string_view> signatures;  // Lines.
};

absl::StatusOr<Note> SplitNote(absl::string_view note) {
  // The text ends where the last empty line begins.
  const size_t split = note.rfind("\n\n");
  if (split == absl::string_view::npos || note.back() != '\n') {
    return absl::InvalidArgumentError("the tree head is not a signed note");
  }
  const bool printable = std::all_of(note.begin(), note.end(), [](char c) {
    return c == '\n' || static_cast<unsigned char>(c) >= ' ';
  });
  if (!printable || !IsUtf8(note)) return Malformed("it has control characters or is not UTF-8");
  absl::string_view signatures = note.substr(split + 2);
  signatures.remove_suffix(signatures.empty() ? 0 : 1);
  return Note{.text = note.substr(0, split + 1), .signatures = absl::StrSplit(signatures, '\n')};
}

absl::StatusOr<TreeHead> ParseText(absl::string_view text, absl::string_view* origin) {
  std::vector<absl::string_view> lines = absl::StrSplit(text, '\n');
  lines.pop_back();  // What follows the last line feed: nothing.
  if (lines.size() < 3) return Malformed("it has fewer than three lines");
  // Extension lines may follow.
  if (std::count(lines.begin(), lines.end(), "") > 0) return Malformed("it has an empty line");
  TreeHead head;
  if (!absl::SimpleAtoi(lines[1], &head.size) || absl::StrCat(head.size) != lines[1]) {
    return Malformed("the second line is not a size");
  }
  absl::StatusOr<std::string> root = FromBase64(lines[2]);
  if (!root.ok() || root->size() != head.root.size() || ToBase64(*root) != lines[2]) {
    return Malformed("the third line is not the base64 of a root");
  }
  ASSIGN_OR_RETURN(head.root, DigestFromBytes(*root));
  *origin = lines[0];
  return head;
}

}  // namespace

absl::Status CheckOrigin(absl::string_view origin) {
  const bool fine = !origin.empty() && origin.size() <= kMaxOriginBytes &&
                    std::all_of(origin.begin(), origin.end(), [](char c) {
                      return absl::ascii_isgraph(static_cast<unsigned char>(c)) && c != '+';
                    });
  if (fine) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("the origin \"", origin, "\" must be 1 to ", kMaxOriginBytes,
                   " printable ASCII characters without a space or '+': a URL without a schema"));
}

std::string TreeHeadText(absl::string_view origin, uint64_t size, const Sha256Digest& root) {
  return absl::StrCat(origin, "\n", size, "\n", ToBase64(root), "\n");
}

absl::StatusOr<TreeHeadSigner> TreeHeadSigner::Make(absl::string_view origin,
                                                    absl::string_view seed) {
  RETURN_IF_ERROR(CheckOrigin(origin));
  ASSIGN_OR_RETURN(const std::string public_key, Ed25519PublicKey(seed));
  const std::string typed_key = std::string(1, kEd25519Type) + public_key;
  TreeHeadSigner signer;
  signer.origin_ = std::string(origin);
  signer.seed_ = std::string(seed);
  signer.key_id_ = KeyId(origin, typed_key);
  signer.verifier_key_ = absl::StrCat(origin, "+", ToHex(signer.key_id_), "+", ToBase64(typed_key));
  return signer;
}

absl::StatusOr<std::string> TreeHeadSigner::Sign(uint64_t size, const Sha256Digest& root) const {
  const std::string text = TreeHeadText(origin_, size, root);
  ASSIGN_OR_RETURN(const std::string signature, Ed25519Sign(seed_, text));
  return absl::StrCat(text, "\n", kSignatureMark, origin_, " ", ToBase64(key_id_ + signature),
                      "\n");
}

absl::Status CheckVerifierKey(absl::string_view verifier_key) {
  return ParseVerifierKey(verifier_key).status();
}

absl::StatusOr<absl::string_view> VerifyNote(absl::string_view note,
                                             absl::string_view verifier_key) {
  ASSIGN_OR_RETURN(const Verifier verifier, ParseVerifierKey(verifier_key));
  ASSIGN_OR_RETURN(const Note parts, SplitNote(note));
  bool verified = false;
  for (absl::string_view line : parts.signatures) {
    const bool marked = absl::ConsumePrefix(&line, kSignatureMark);
    const std::vector<absl::string_view> words = absl::StrSplit(line, ' ');
    absl::StatusOr<std::string> bytes = FromBase64(words.size() == 2 ? words[1] : "");
    if (!marked || !bytes.ok() || bytes->size() <= kKeyIdBytes || ToBase64(*bytes) != words[1]) {
      return Malformed("a signature line is no em dash, key name and base64");
    }
    if (words[0] != verifier.name || bytes->substr(0, kKeyIdBytes) != verifier.key_id) continue;
    if (!Ed25519Verify(verifier.public_key, parts.text, bytes->substr(kKeyIdBytes))) {
      return absl::DataLossError("the tree head's signature is wrong");
    }
    verified = true;
  }
  if (verified) return parts.text;
  return absl::DataLossError(
      absl::StrCat("the tree head has no signature of the key of ", verifier.name));
}

absl::StatusOr<TreeHead> VerifyTreeHead(absl::string_view note, absl::string_view verifier_key) {
  ASSIGN_OR_RETURN(const absl::string_view text, VerifyNote(note, verifier_key));
  absl::string_view origin;
  ASSIGN_OR_RETURN(TreeHead head, ParseText(text, &origin));
  ASSIGN_OR_RETURN(const Verifier verifier, ParseVerifierKey(verifier_key));
  if (origin != verifier.name) {
    return absl::InvalidArgumentError(absl::StrCat("the tree head is of the origin \"", origin,
                                                   "\", not of \"", verifier.name, "\""));
  }
  head.note = std::string(note);
  return head;
}

absl::StatusOr<TreeHead> ReadTreeHead(absl::string_view note, absl::string_view* origin) {
  ASSIGN_OR_RETURN(const Note parts, SplitNote(note));
  absl::string_view name;
  ASSIGN_OR_RETURN(TreeHead head, ParseText(parts.text, &name));
  if (origin != nullptr) *origin = name;
  head.note = std::string(note);
  return head;
}

}  // namespace payfold
