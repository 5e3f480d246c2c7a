// Whether bytes are UTF-8.
//
// Source: RFC 3629.

#ifndef LEDGER_BASE_UTF8_H_
#define LEDGER_BASE_UTF8_H_

#include "absl/strings/string_view.h"

namespace payfold {

// Each character in its shortest form, and no surrogates.
bool IsUtf8(absl::string_view text);

}  // namespace payfold

#endif  // LEDGER_BASE_UTF8_H_
