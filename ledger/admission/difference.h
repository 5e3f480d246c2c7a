// What differs between two events that claim the same id.

#ifndef LEDGER_ADMISSION_DIFFERENCE_H_
#define LEDGER_ADMISSION_DIFFERENCE_H_

#include <string>

#include "payfold/v1/event.pb.h"

namespace payfold {

// The payloads' differences, the first few: "amount.minor_units was 100, is
// 200". Personal fields are named without their values; ones that cannot be
// read any more are said to be so.
std::string DescribeDifference(const v1::Event& was, const v1::Event& is);

}  // namespace payfold

#endif  // LEDGER_ADMISSION_DIFFERENCE_H_
