#include "services/page_token.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "ledger/admission/deterministic.h"
#include "ledger/base/coding.h"
#include "ledger/base/sha256.h"
#include "services/errors.h"

namespace payfold {
namespace {

constexpr size_t kSealBytes = 12;
constexpr size_t kBodyBytes = 3 * sizeof(uint64_t);

std::string Seal(absl::string_view body, const google::protobuf::Message& query,
                 absl::string_view ledger_key) {
  const Sha256Digest query_hash = Sha256(SerializeDeterministically(query));
  const Sha256Digest seal =
      HmacSha256(ledger_key, absl::StrCat("payfold page token\n", AsBytes(query_hash), body));
  return std::string(AsBytes(seal).substr(0, kSealBytes));
}

}  // namespace

std::string EncodePageToken(const PageToken& token, const google::protobuf::Message& query,
                            absl::string_view ledger_key) {
  std::string body;
  PutBig64(&body, token.position);
  PutBig64(&body, token.plans_position);
  PutBig64(&body, token.offset);
  return absl::WebSafeBase64Escape(absl::StrCat(body, Seal(body, query, ledger_key)));
}

absl::StatusOr<PageToken> DecodePageToken(absl::string_view text,
                                          const google::protobuf::Message& query,
                                          absl::string_view ledger_key) {
  std::string bytes;
  if (!absl::WebSafeBase64Unescape(text, &bytes) || bytes.size() != kBodyBytes + kSealBytes ||
      bytes.substr(kBodyBytes) !=
          Seal(absl::string_view(bytes).substr(0, kBodyBytes), query, ledger_key)) {
    return FieldError("page_token", kReasonPageToken,
                      "is not the token of an earlier page of this query; ask for the first page "
                      "without a token, and for the others with the same fields");
  }
  const absl::string_view body = bytes;
  return PageToken{.position = GetBig64(body),
                   .plans_position = GetBig64(body.substr(8)),
                   .offset = GetBig64(body.substr(16))};
}

}  // namespace payfold
