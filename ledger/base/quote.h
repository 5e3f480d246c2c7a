// Text of somebody else, made fit to stand in an error message.

#ifndef LEDGER_BASE_QUOTE_H_
#define LEDGER_BASE_QUOTE_H_

#include <string>

#include "absl/strings/string_view.h"

namespace payfold {

// In quotes, bytes other than printable ASCII escaped as in C, and cut (with
// "..." after it) beyond 40 bytes: Quote("1\n") is "1\n" with the quotes.
std::string Quote(absl::string_view text);

}  // namespace payfold

#endif  // LEDGER_BASE_QUOTE_H_
