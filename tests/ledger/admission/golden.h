// Texts kept in tests/golden, compared line by line.

#ifndef TESTS_LEDGER_ADMISSION_GOLDEN_H_
#define TESTS_LEDGER_ADMISSION_GOLDEN_H_

#include <string>

#include "absl/strings/string_view.h"

namespace payfold_testing {

// The kept text of tests/golden/NAME. With PAYFOLD_UPDATE_GOLDEN=1 in the
// environment `now` is kept first: look at what changed before you commit it.
std::string Golden(absl::string_view name, const std::string& now);

}  // namespace payfold_testing

#endif  // TESTS_LEDGER_ADMISSION_GOLDEN_H_
