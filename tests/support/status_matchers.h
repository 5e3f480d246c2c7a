// Matchers for absl::Status and absl::StatusOr:
//
//   EXPECT_THAT(Parse("x"), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("\"x\"")));
//   EXPECT_THAT(Parse("1"), IsOkAndHolds(1));
//   EXPECT_THAT(Save(), IsOk());

#ifndef TESTS_SUPPORT_STATUS_MATCHERS_H_
#define TESTS_SUPPORT_STATUS_MATCHERS_H_

#include <ostream>
#include <string>
#include <type_traits>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gmock/gmock.h"

namespace payfold_testing {

inline const absl::Status& StatusOf(const absl::Status& status) { return status; }
template <typename T>
const absl::Status& StatusOf(const absl::StatusOr<T>& status_or) {
  return status_or.status();
}

MATCHER(IsOk, negation ? "is not OK" : "is OK") {
  const absl::Status status = StatusOf(arg);
  if (!status.ok()) *result_listener << "which is " << status;
  return status.ok();
}

class StatusIsMatcher {
 public:
  StatusIsMatcher(absl::StatusCode code, testing::Matcher<std::string> message)
      : code_(code), message_(std::move(message)) {}

  template <typename S>
  bool MatchAndExplain(const S& got, testing::MatchResultListener* listener) const {
    const absl::Status status = StatusOf(got);
    *listener << "which is " << status;
    return status.code() == code_ && message_.Matches(std::string(status.message()));
  }
  void DescribeTo(std::ostream* os) const {
    *os << "is " << absl::StatusCodeToString(code_) << " with a message that ";
    message_.DescribeTo(os);
  }
  void DescribeNegationTo(std::ostream* os) const {
    *os << "is not " << absl::StatusCodeToString(code_) << " with a message that ";
    message_.DescribeTo(os);
  }

 private:
  absl::StatusCode code_;
  testing::Matcher<std::string> message_;
};

inline testing::PolymorphicMatcher<StatusIsMatcher> StatusIs(
    absl::StatusCode code, testing::Matcher<std::string> message = testing::_) {
  return testing::MakePolymorphicMatcher(StatusIsMatcher(code, std::move(message)));
}

template <typename Inner>
class IsOkAndHoldsMatcher {
 public:
  explicit IsOkAndHoldsMatcher(Inner inner) : inner_(std::move(inner)) {}

  template <typename T>
  operator testing::Matcher<T>() const {  // NOLINT(google-explicit-constructor)
    return testing::Matcher<T>(new Impl<T>(inner_));
  }

 private:
  template <typename T>
  class Impl : public testing::MatcherInterface<T> {
   public:
    explicit Impl(const Inner& inner) : inner_(testing::SafeMatcherCast<const Value&>(inner)) {}

    bool MatchAndExplain(T got, testing::MatchResultListener* listener) const override {
      if (!got.ok()) {
        *listener << "which is " << got.status();
        return false;
      }
      return testing::ExplainMatchResult(inner_, *got, listener);
    }
    void DescribeTo(std::ostream* os) const override {
      *os << "is OK and holds a value that ";
      inner_.DescribeTo(os);
    }
    void DescribeNegationTo(std::ostream* os) const override {
      *os << "is not OK or holds a value that ";
      inner_.DescribeNegationTo(os);
    }

   private:
    using Value = typename std::decay_t<T>::value_type;
    testing::Matcher<const Value&> inner_;
  };

  Inner inner_;
};

template <typename Inner>
IsOkAndHoldsMatcher<std::decay_t<Inner>> IsOkAndHolds(Inner&& inner) {
  return IsOkAndHoldsMatcher<std::decay_t<Inner>>(std::forward<Inner>(inner));
}

}  // namespace payfold_testing

#endif  // TESTS_SUPPORT_STATUS_MATCHERS_H_
