#include "ledger/base/quote.h"

#include <cstddef>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace payfold {

std::string Quote(absl::string_view text) {
  constexpr size_t kMaxBytes = 40;
  return absl::StrCat("\"", absl::CHexEscape(text.substr(0, kMaxBytes)), "\"",
                      text.size() > kMaxBytes ? "..." : "");
}

}  // namespace payfold
