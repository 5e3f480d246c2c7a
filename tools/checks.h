// How the checks of a verification, or of a proof, are printed.

#ifndef TOOLS_CHECKS_H_
#define TOOLS_CHECKS_H_

#include <string>

#include "google/protobuf/repeated_ptr_field.h"
#include "payfold/v1/proof_service.pb.h"
#include "tools/options.h"
#include "tools/table.h"

namespace payfold {

// A row each: name, outcome, what was found.
Table CheckTable(const google::protobuf::RepeatedPtrField<v1::Check>& checks);

// The first that does not hold: "position 17 does not hold: …"; empty if none.
std::string FirstFinding(const google::protobuf::RepeatedPtrField<v1::Check>& checks);

}  // namespace payfold

#endif  // TOOLS_CHECKS_H_
