#include "ledger/admission/deterministic.h"

#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "google/protobuf/util/type_resolver_util.h"
#include "ledger/base/check.h"

namespace payfold {
namespace {

constexpr char kUrlPrefix[] = "type.googleapis.com";

}  // namespace

std::string SerializeDeterministically(const google::protobuf::Message& message) {
  std::string bytes;
  google::protobuf::io::StringOutputStream stream(&bytes);
  google::protobuf::io::CodedOutputStream coded(&stream);
  coded.SetSerializationDeterministic(true);
  message.SerializeToCodedStream(&coded);
  coded.Trim();
  return bytes;
}

// What MessageToJsonString() does, from bytes whose maps are in order.
std::string JsonDeterministically(const google::protobuf::Message& message,
                                  const google::protobuf::util::JsonPrintOptions& options) {
  static google::protobuf::util::TypeResolver* const resolver =
      google::protobuf::util::NewTypeResolverForDescriptorPool(
          kUrlPrefix, google::protobuf::DescriptorPool::generated_pool());
  std::string json;
  CHECK(google::protobuf::util::BinaryToJsonString(
            resolver, absl::StrCat(kUrlPrefix, "/", message.GetDescriptor()->full_name()),
            SerializeDeterministically(message), &json, options)
            .ok());
  return json;
}

}  // namespace payfold
