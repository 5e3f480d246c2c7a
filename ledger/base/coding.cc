#include "ledger/base/coding.h"

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace payfold::coding_internal {
namespace {

constexpr size_t kMaxVarintBytes = 10;

}  // namespace

void PutLongVarint64(std::string* out, uint64_t value) {
  char bytes[kMaxVarintBytes];
  size_t size = 0;
  while (value >= 0x80) {
    bytes[size++] = static_cast<char>(static_cast<uint8_t>(value) | 0x80);
    value >>= 7;
  }
  bytes[size++] = static_cast<char>(value);
  out->append(bytes, size);
}

bool GetLongVarint64(absl::string_view* in, uint64_t* value) {
  uint64_t result = 0;
  for (size_t i = 0; i < in->size() && i < kMaxVarintBytes; ++i) {
    const uint8_t byte = static_cast<uint8_t>((*in)[i]);
    result |= static_cast<uint64_t>(byte & 0x7f) << (7 * i);
    if (byte >= 0x80) continue;
    if (byte == 0 && i > 0) return false;                    // Not the shortest form.
    if (i == kMaxVarintBytes - 1 && byte > 1) return false;  // Beyond 64 bits.
    *value = result;
    in->remove_prefix(i + 1);
    return true;
  }
  return false;
}

}  // namespace payfold::coding_internal
