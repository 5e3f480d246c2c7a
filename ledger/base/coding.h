// Bytes of keys and records.
//
//   PutBig32, PutBig64         fixed width, big-endian: keys sort as the numbers do
//   PutVarint64                7 bits a byte, low bits first, as protobuf writes them
//   ZigZag                     signed to unsigned, small magnitudes to small numbers
//   PutLengthPrefixed          a varint length, then the bytes
//
// The Get functions that take a string_view* consume what they read. On bytes
// that are no such encoding they return false and leave `*in` and `*value` alone.
//
// Source: protobuf encoding guide (varints, zigzag).

#ifndef LEDGER_BASE_CODING_H_
#define LEDGER_BASE_CODING_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "ledger/base/check.h"

namespace payfold {

namespace coding_internal {

template <typename T>
void PutBig(std::string* out, T value) {
  char bytes[sizeof(T)];
  for (size_t i = 0; i < sizeof(T); ++i) {
    bytes[i] = static_cast<char>(static_cast<uint8_t>(value >> (8 * (sizeof(T) - 1 - i))));
  }
  out->append(bytes, sizeof(T));
}

template <typename T>
T GetBig(absl::string_view in) {
  CHECK(in.size() >= sizeof(T));
  T value = 0;
  for (size_t i = 0; i < sizeof(T); ++i) {
    value = static_cast<T>(value << 8) | static_cast<T>(static_cast<uint8_t>(in[i]));
  }
  return value;
}

// The cases of two bytes and more.
void PutLongVarint64(std::string* out, uint64_t value);
bool GetLongVarint64(absl::string_view* in, uint64_t* value);

}  // namespace coding_internal

inline void PutBig32(std::string* out, uint32_t value) { coding_internal::PutBig(out, value); }
inline void PutBig64(std::string* out, uint64_t value) { coding_internal::PutBig(out, value); }

// The number in the first 4 or 8 bytes. REQUIRES: `in` has as many.
inline uint32_t GetBig32(absl::string_view in) { return coding_internal::GetBig<uint32_t>(in); }
inline uint64_t GetBig64(absl::string_view in) { return coding_internal::GetBig<uint64_t>(in); }

// Writes 1 to 10 bytes.
inline void PutVarint64(std::string* out, uint64_t value) {
  if (value < 0x80) {
    out->push_back(static_cast<char>(value));
  } else {
    coding_internal::PutLongVarint64(out, value);
  }
}

// False if the bytes end too early, exceed 64 bits, or are not the shortest form
// of the number: one number has one encoding, so equal records have equal bytes.
inline bool GetVarint64(absl::string_view* in, uint64_t* value) {
  if (!in->empty() && static_cast<uint8_t>(in->front()) < 0x80) {
    *value = static_cast<uint8_t>(in->front());
    in->remove_prefix(1);
    return true;
  }
  return coding_internal::GetLongVarint64(in, value);
}

// 0, -1, 1, -2, 2, … become 0, 1, 2, 3, 4, …
constexpr uint64_t ZigZag(int64_t value) {
  return (static_cast<uint64_t>(value) << 1) ^ static_cast<uint64_t>(value >> 63);
}
constexpr int64_t UnZigZag(uint64_t value) {
  return static_cast<int64_t>((value >> 1) ^ (~(value & 1) + 1));
}

inline void PutSignedVarint64(std::string* out, int64_t value) { PutVarint64(out, ZigZag(value)); }
inline bool GetSignedVarint64(absl::string_view* in, int64_t* value) {
  uint64_t raw = 0;
  if (!GetVarint64(in, &raw)) return false;
  *value = UnZigZag(raw);
  return true;
}

inline void PutLengthPrefixed(std::string* out, absl::string_view bytes) {
  PutVarint64(out, bytes.size());
  out->append(bytes.data(), bytes.size());
}

// `*bytes` points into what `*in` pointed to.
inline bool GetLengthPrefixed(absl::string_view* in, absl::string_view* bytes) {
  absl::string_view rest = *in;
  uint64_t size = 0;
  if (!GetVarint64(&rest, &size) || size > rest.size()) return false;
  *bytes = rest.substr(0, static_cast<size_t>(size));
  rest.remove_prefix(static_cast<size_t>(size));
  *in = rest;
  return true;
}

}  // namespace payfold

#endif  // LEDGER_BASE_CODING_H_
