#include "tests/end_to_end/raw_call.h"

#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/dynamic_message.h"
#include "grpcpp/generic/generic_stub.h"
#include "ledger/base/check.h"
#include "payfold/v1/insight_service.pb.h"
#include "payfold/v1/ledger_service.pb.h"
#include "payfold/v1/payout_service.pb.h"
#include "payfold/v1/plan_service.pb.h"
#include "payfold/v1/proof_service.pb.h"

namespace payfold_testing {
namespace {

namespace v1 = payfold::v1;

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::MethodDescriptor;

grpc::ByteBuffer BufferOf(const std::string& bytes) {
  const grpc::Slice slice(bytes);
  return grpc::ByteBuffer(&slice, 1);
}

std::string BytesOf(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  CHECK(buffer.Dump(&slices).ok());
  std::string bytes;
  for (const grpc::Slice& slice : slices) {
    bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return bytes;
}

// Sets the text field "ledger"; false if there is none.
bool NameLedger(const std::string& ledger, Message* message) {
  const FieldDescriptor* field = message->GetDescriptor()->FindFieldByName("ledger");
  if (field == nullptr) return false;
  message->GetReflection()->SetString(message, field, ledger);
  return true;
}

// A call that is made step by step, each awaited.
class Steps {
 public:
  // Whether the step that was just begun succeeds.
  bool Await() {
    void* tag = nullptr;
    bool ok = false;
    CHECK(queue_.Next(&tag, &ok));
    return ok;
  }
  grpc::CompletionQueue* queue() { return &queue_; }

 private:
  grpc::CompletionQueue queue_;
};

}  // namespace

std::vector<const MethodDescriptor*> AllMethods() {
  std::vector<const MethodDescriptor*> methods;
  for (const Descriptor* of_file :
       {v1::AppendRequest::descriptor(), v1::GetTreeHeadRequest::descriptor(),
        v1::GetPlanRequest::descriptor(), v1::GetStatementRequest::descriptor(),
        v1::GetDailyTotalsRequest::descriptor()}) {
    const google::protobuf::ServiceDescriptor* service = of_file->file()->service(0);
    for (int i = 0; i < service->method_count(); ++i) methods.push_back(service->method(i));
  }
  return methods;
}

std::string PathOf(const MethodDescriptor& method) {
  return absl::StrCat("/", method.service()->full_name(), "/", method.name());
}

std::string RequestNaming(const MethodDescriptor& method, const std::string& ledger,
                          bool* names_one) {
  google::protobuf::DynamicMessageFactory factory;
  const std::unique_ptr<Message> request(factory.GetPrototype(method.input_type())->New());
  *names_one = NameLedger(ledger, request.get());
  const FieldDescriptor* context = method.input_type()->FindFieldByName("context");
  if (context != nullptr) {
    *names_one =
        NameLedger(ledger, request->GetReflection()->MutableMessage(request.get(), context));
  }
  return request->SerializeAsString();
}

RawAnswer RawCall(const std::shared_ptr<grpc::Channel>& channel, const std::string& path,
                  const std::string& message, std::chrono::milliseconds timeout) {
  grpc::GenericStub stub(channel);
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + timeout);
  Steps steps;
  const auto call = stub.PrepareCall(&context, path, steps.queue());
  call->StartCall(nullptr);
  RawAnswer answer;
  if (steps.Await()) {
    call->WriteLast(BufferOf(message), {}, nullptr);
    bool more = steps.Await();
    while (more) {
      grpc::ByteBuffer buffer;
      call->Read(&buffer, nullptr);
      more = steps.Await();
      if (more) answer.messages.push_back(BytesOf(buffer));
    }
  }
  call->Finish(&answer.status, nullptr);
  steps.Await();
  return answer;
}

}  // namespace payfold_testing
