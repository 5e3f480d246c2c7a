// Fields of admitted events, read. Whatever cannot be read was changed on the disk.

#ifndef PROJECTIONS_FACTS_STATED_FIELDS_H_
#define PROJECTIONS_FACTS_STATED_FIELDS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "ledger/calendar/date.h"
#include "ledger/money/decimal.h"
#include "payfold/v1/event.pb.h"

namespace payfold {

// The error kDataLoss of an event with something, `what`, that admission refuses.
absl::Status DamagedEvent(const v1::Event& event, absl::string_view what);

// Errors of both: kDataLoss.
absl::StatusOr<Date> ReadDate(const v1::Event& event, const std::string& text);
absl::StatusOr<Decimal> ReadDecimal(const v1::Event& event, const std::string& text);

}  // namespace payfold

#endif  // PROJECTIONS_FACTS_STATED_FIELDS_H_
