// Serialisations of a message that do not depend on the order of its maps:
// entries come in order of key.

#ifndef LEDGER_ADMISSION_DETERMINISTIC_H_
#define LEDGER_ADMISSION_DETERMINISTIC_H_

#include <string>

#include "google/protobuf/message.h"
#include "google/protobuf/util/json_util.h"

namespace payfold {

std::string SerializeDeterministically(const google::protobuf::Message& message);

// By protobuf's JSON mapping. REQUIRES: the message's type is compiled in.
std::string JsonDeterministically(const google::protobuf::Message& message,
                                  const google::protobuf::util::JsonPrintOptions& options);

}  // namespace payfold

#endif  // LEDGER_ADMISSION_DETERMINISTIC_H_
