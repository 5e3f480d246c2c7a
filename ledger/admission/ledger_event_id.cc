#include "ledger/admission/ledger_event_id.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "ledger/admission/fields.h"
#include "ledger/base/check.h"
#include "ledger/base/sha256.h"

namespace payfold {
namespace {

// Ids that were written stay reserved: added to, never removed.
constexpr absl::string_view kKinds[] = {"statement", "close",           "approve",
                                        "payment",   "replay-approved", "replay-committed"};
constexpr absl::string_view kHashed = ".sha256";

}  // namespace

std::string LedgerEventId(absl::string_view kind, absl::string_view about) {
  CHECK(std::find(std::begin(kKinds), std::end(kKinds), kind) != std::end(kKinds));
  const std::string id = absl::StrCat(kind, ":", about);
  if (id.size() <= kMaxIdLength) return id;
  // No period, reference or participant makes this one: it is shorter than those.
  return absl::StrCat(kind, kHashed, ":", ToHex(Sha256(about)));
}

bool IsLedgerEventId(absl::string_view id) {
  return std::any_of(std::begin(kKinds), std::end(kKinds), [id](absl::string_view kind) {
    absl::string_view rest = id;
    if (!absl::ConsumePrefix(&rest, kind)) return false;
    absl::ConsumePrefix(&rest, kHashed);
    return absl::StartsWith(rest, ":");
  });
}

}  // namespace payfold
