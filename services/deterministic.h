// The serialisation of a message that does not depend on the order of its maps.

#ifndef SERVICES_DETERMINISTIC_H_
#define SERVICES_DETERMINISTIC_H_

#include <string>

#include "google/protobuf/message.h"

namespace payfold {

std::string SerializeDeterministically(const google::protobuf::Message& message);

}  // namespace payfold

#endif  // SERVICES_DETERMINISTIC_H_
