// Clients that append and follow until their server goes, and go on with another
// that has the same data.

#ifndef TESTS_END_TO_END_LOAD_H_
#define TESTS_END_TO_END_LOAD_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace payfold_testing {

// Appends batches of two deals, NAME-1-a and NAME-1-b, NAME-2-a …, one after the
// other. What was not acknowledged is sent again.
class Writer {
 public:
  enum class Way { kUnary, kStream };
  Writer(std::string name, Way way) : name_(std::move(name)), way_(way) {}

  // Until the server goes.
  void Run(const std::string& address);

  // The ids of the events that were acknowledged.
  std::vector<std::string> Acknowledged() const;
  uint64_t count() const { return acknowledged_; }
  // What a server that is there must not answer; empty: nothing of that kind.
  const std::string& refused() const { return refused_; }

 private:
  void RunUnary(const std::string& address);
  void RunStream(const std::string& address);
  std::vector<std::string> IdsOf(uint64_t batch) const;

  const std::string name_;
  const Way way_;
  std::atomic<uint64_t> acknowledged_ = 0;  // Batches.
  std::string refused_;
};

// Follows the log. Stops the test where it finds a gap or a repeat.
class Reader {
 public:
  // Until the server goes.
  void Run(const std::string& address);

  // The ids of all events, in the order in which they came.
  const std::vector<std::string>& seen() const { return seen_; }

 private:
  std::vector<std::string> seen_;
};

// Several of each, at the same time.
class Load {
 public:
  Load();
  ~Load();  // REQUIRES: nothing runs.

  void Start(const std::string& address);
  // Waits until the server has gone and all have seen it.
  void AwaitEnd();

  // Batches that were acknowledged so far.
  uint64_t count() const;
  // Nothing acknowledged or read is missing in a log with these events, nothing is
  // there twice, and nothing was refused.
  void ExpectKept(const std::vector<std::string>& log) const;

 private:
  std::vector<std::unique_ptr<Writer>> writers_;
  std::vector<std::unique_ptr<Reader>> readers_;
  std::vector<std::thread> running_;
};

}  // namespace payfold_testing

#endif  // TESTS_END_TO_END_LOAD_H_
