// Calls as no generated stub makes them: any method by its name, any bytes for a
// message.

#ifndef TESTS_END_TO_END_RAW_CALL_H_
#define TESTS_END_TO_END_RAW_CALL_H_

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "grpcpp/grpcpp.h"

namespace google::protobuf {
class MethodDescriptor;
}

namespace payfold_testing {

// Every method of every service of package payfold.v1.
std::vector<const google::protobuf::MethodDescriptor*> AllMethods();

// "/payfold.v1.LedgerService/Append".
std::string PathOf(const google::protobuf::MethodDescriptor& method);

// The bytes of a request of that method that names the ledger; nothing else in it
// is set. `*names_one` says whether the request has a place for it.
std::string RequestNaming(const google::protobuf::MethodDescriptor& method,
                          const std::string& ledger, bool* names_one);

struct RawAnswer {
  grpc::Status status;
  std::vector<std::string> messages;
};

// Sends one message, whatever it is, and no more; waits for the end of the call.
RawAnswer RawCall(const std::shared_ptr<grpc::Channel>& channel, const std::string& path,
                  const std::string& message,
                  std::chrono::milliseconds timeout = std::chrono::minutes(1));

}  // namespace payfold_testing

#endif  // TESTS_END_TO_END_RAW_CALL_H_
